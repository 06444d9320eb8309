#!/usr/bin/env bash
# Guess: what skl2onnx lists as supported answers as the model does, up to rounding: CalibratedClassifierCV and
#   TunedThresholdClassifierCV are both in its list.
# Behaviour: with method="isotonic" the file's probabilities are others, by up to 0.08 on 80 usual samples, in float64;
#   with method="sigmoid" they agree to the last digit. And the threshold that TunedThresholdClassifierCV has found
#   (best_threshold_) is not in the file: its labels are those of the threshold 1/2. Neither says a word.
# Versions: skl2onnx 1.20.0, scikit-learn 1.9.1, onnxruntime 1.32.0, onnx 1.23.2, NumPy 2.4.6 (Python 3.11).
# Source: skl2onnx/operator_converters/calibrated_classifier_cv.py; scikit-learn's IsotonicRegression interpolates
#   between its steps.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet skl2onnx==1.20.0 scikit-learn==1.9.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
import onnxruntime
import skl2onnx
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import TunedThresholdClassifierCV

print("skl2onnx", skl2onnx.__version__, "scikit-learn", sklearn.__version__, "onnxruntime", onnxruntime.__version__)
rng = np.random.default_rng(0)
X = rng.normal(size=(80, 4))
y = (X[:, 0] + rng.normal(size=80) > 0).astype(int)


def differences(model):
    model.fit(X, y)
    written = skl2onnx.to_onnx(model, X[:1], options={"zipmap": False}).SerializeToString()
    session = onnxruntime.InferenceSession(written, providers=["CPUExecutionProvider"])
    label, probabilities = session.run(None, {"X": X})
    return float(np.abs(probabilities - model.predict_proba(X)).max()), int((label != model.predict(X)).sum())


seen = {
    "sigmoid": differences(CalibratedClassifierCV(LogisticRegression(), method="sigmoid")),
    "isotonic": differences(CalibratedClassifierCV(LogisticRegression(), method="isotonic")),
    "threshold": differences(TunedThresholdClassifierCV(LogisticRegression(), scoring="recall")),
}
for name, (numbers, labels) in seen.items():
    print(f"{name}: probabilities differ by {numbers}, {labels} labels of 80")
if not (seen["sigmoid"][0] < 1e-12 and seen["isotonic"][0] > 0.01 and seen["threshold"][1] > 0):
    sys.exit(f"CHANGED: {seen}")
PY
