#!/usr/bin/env bash
# Guess: MLPClassifier(warm_start=True) begins every call of fit at the weights of the last one and trains until the
#   loss of *this* call stops falling; other labels, or another data set of the same shape, are learned anew.
# Behaviour: the number of epochs without improvement and the least loss of the last call are kept, too. After a call
#   that stopped by itself, every later one on harder data ends after its first epoch, with no warning: the loss is
#   above the old least one, and the patience was used up long ago. On the digits with their labels renamed by
#   7 y + 3 mod 10 the score stays below 0.2, where a new estimator reaches 1.0. With early_stopping=True it is the
#   same. fit has no warning because the run did not reach max_iter.
# Versions: scikit-learn 1.9.1, NumPy 2.4.6, SciPy 1.17.1 (Python 3.11).
# Source: sklearn/neural_network/_multilayer_perceptron.py: _initialize sets _no_improvement_count and best_loss_, and
#   a warm start does not call it; the docs of warm_start speak of the initialization alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import numpy
import scipy
import sklearn
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

print("scikit-learn", sklearn.__version__, "NumPy", numpy.__version__, "SciPy", scipy.__version__)
warnings.simplefilter("error")
X, y = load_digits(return_X_y=True)
X, renamed = X / 16, (7 * y + 3) % 10
changed = False
for early_stopping in (False, True):
    settings = {"learning_rate_init": 0.01, "max_iter": 500, "random_state": 0, "early_stopping": early_stopping}
    warm = MLPClassifier((32,), warm_start=True, **settings).fit(X, y)
    first = warm.n_iter_
    warm.fit(X, renamed)
    new = MLPClassifier((32,), **settings).fit(X, renamed)
    print(f"early_stopping={early_stopping}: first call {first} epochs; renamed labels: warm {warm.n_iter_} epoch(s),")
    print(f"  accuracy {warm.score(X, renamed):.3f}; a new estimator {new.n_iter_} epochs, {new.score(X, renamed):.3f}")
    changed |= warm.n_iter_ != 1 or warm.score(X, renamed) > 0.2 or new.score(X, renamed) < 0.9
if changed:
    sys.exit("CHANGED: a warm start no longer ends after one epoch")
PY
