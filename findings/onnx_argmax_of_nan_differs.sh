#!/usr/bin/env bash
# Guess: ArgMax of a row with a NaN in it is the same everywhere, as NumPy's argmax is the place of the NaN.
# Behaviour: each runtime has another answer for [1, NaN, 3], and none complains: onnx's own evaluator 1 (the NaN, as
#   NumPy), onnxruntime and tract others. A classifier whose label is an ArgMax gives a row with a missing value a
#   class, and another one in each runtime.
# Versions: onnxruntime 1.32.0 (CPU), onnx 1.23.2, tract 0.23.9, NumPy 2.4.6 (Python 3.11).
# Source: the ONNX operator ArgMax says nothing of NaN.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet onnxruntime==1.32.0 onnx==1.23.2 tract==0.23.9 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
import tract
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

print("onnxruntime", onnxruntime.__version__, "onnx", onnx.__version__, "tract", tract.version(), "NumPy", np.__version__)
rows = np.array([[1, np.nan, 3], [np.nan, 2, 1], [3, 2, np.nan], [1, 3, 2]], np.float32)
graph = helper.make_graph(
    [helper.make_node("ArgMax", ["x"], ["i"], axis=1, keepdims=0), helper.make_node("Gather", ["t", "i"], ["y"])], "g",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])],
    [onnx.numpy_helper.from_array(np.arange(3, dtype=np.float32), "t")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model, full_check=True)
with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
    onnx.save(model, file.name)
    runnable = tract.onnx().load(file.name).into_model().into_runnable()
    session = onnxruntime.InferenceSession(file.name, providers=["CPUExecutionProvider"])
    answers = {
        "NumPy": rows.argmax(axis=1).tolist(),
        "onnx": ReferenceEvaluator(model).run(None, {"x": rows})[0].astype(int).tolist(),
        "onnxruntime": session.run(None, {"x": rows})[0].astype(int).tolist(),
        "tract": runnable.run([rows])[0].to_numpy().astype(int).tolist(),
    }
for name, answer in answers.items():
    print(name, answer)
if answers["onnx"] != answers["NumPy"] or answers["onnxruntime"][:3] == answers["onnx"][:3]:
    sys.exit(f"CHANGED: the answers are {answers}")
PY
