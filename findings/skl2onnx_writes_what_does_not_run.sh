#!/usr/bin/env bash
# Guess: skl2onnx.to_onnx writes what it supports so that onnxruntime runs it: SimpleImputer, PolynomialFeatures and
#   MLPRegressor are in its list, and a table of float64 is the usual one.
# Behaviour: SimpleImputer on float64 becomes the operation Imputer, of which onnxruntime has float32 and int64 alone:
#   to_onnx succeeds, the checker is content, and the session cannot be made ("Could not find an implementation for
#   Imputer(1)"). PolynomialFeatures on float64 becomes a Concat of float32 and float64, which no runtime loads. With
#   float32 samples both are fine. MLPRegressor(loss="poisson") of scikit-learn 1.7 and later stops with
#   KeyError: 'exp' inside the converter.
# Versions: skl2onnx 1.20.0, scikit-learn 1.9.1, onnxruntime 1.32.0, onnx 1.23.2, NumPy 2.4.6 (Python 3.11).
# Source: skl2onnx/operator_converters/imputer_op.py and multilayer_perceptron.py (activations_map has no "exp").
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet skl2onnx==1.20.0 scikit-learn==1.9.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import skl2onnx
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import PolynomialFeatures

print("skl2onnx", skl2onnx.__version__, "scikit-learn", sklearn.__version__, "onnxruntime", onnxruntime.__version__)
warnings.simplefilter("ignore")
X = np.array([[1.0, 2.0], [np.nan, 3.0], [4.0, 5.0]])
seen = {}
for step, samples in ((SimpleImputer(), X), (PolynomialFeatures(2), X[[0, 2]])):
    for dtype in (np.float32, np.float64):
        rows = samples.astype(dtype)
        model = skl2onnx.to_onnx(step.fit(rows), rows[:1])
        try:
            session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
            found = bool(np.allclose(session.run(None, {"X": rows})[0], step.transform(rows)))
        except Exception as error:
            found = str(error)
        seen[f"{type(step).__name__} {dtype.__name__}"] = found
try:
    skl2onnx.to_onnx(MLPRegressor(loss="poisson", max_iter=2).fit(X[[0, 2]], [1.0, 2.0]), X[:1])
    seen["poisson"] = "written"
except KeyError as error:
    seen["poisson"] = f"KeyError {error}"
for name, what in seen.items():
    print(f"{name}: {what}")
float32 = seen["SimpleImputer float32"] is True and seen["PolynomialFeatures float32"] is True
imputer, polynomial = str(seen["SimpleImputer float64"]), str(seen["PolynomialFeatures float64"])
if not (float32 and "Imputer(1)" in imputer and "Concat" in polynomial and seen["poisson"] == "KeyError 'exp'"):
    sys.exit(f"CHANGED: {seen}")
PY
