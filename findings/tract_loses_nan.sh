#!/usr/bin/env bash
# Guess: a NaN that goes into a network comes out of it as NaN, so that a missing value is seen in the answer.
# Behaviour: in tract it is lost on the way. Relu of NaN and Max of NaN and 0 are 0; in float32 Tanh of NaN is
#   -0.9999994 and Sigmoid of NaN 4.5e-7; NaN times the constant 0 is 0. A network with such a layer answers rows that
#   hold a NaN with usual numbers. onnxruntime gives NaN for each.
# Versions: tract 0.23.9, onnxruntime 1.32.0 (CPU), onnx 1.23.2, NumPy 2.4.6 (Python 3.11, x86-64).
# Source: tract's kernels clamp with minimum and maximum, whose result with a NaN is the other operand.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet tract==0.23.9 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
import tract
from onnx import TensorProto, helper

print("tract", tract.version(), "onnxruntime", onnxruntime.__version__, "onnx", onnx.__version__, "NumPy", np.__version__)
x = np.full((1, 4), np.nan, np.float32)
zero = onnx.numpy_helper.from_array(np.zeros((1, 1), np.float32), "zero")
value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 4])
lost = []
for op, inputs in (("Relu", ["x"]), ("Max", ["x", "zero"]), ("Tanh", ["x"]), ("Sigmoid", ["x"]), ("Mul", ["x", "zero"]),
                   ("Exp", ["x"]), ("Add", ["x", "zero"])):
    graph = helper.make_graph([helper.make_node(op, inputs, ["y"])], "g", [value("x")], [value("y")], [zero][: len(inputs) - 1])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        onnx.save(model, file.name)
        theirs = tract.onnx().load(file.name).into_model().into_runnable().run([x])[0].to_numpy()[0, 0]
        other = onnxruntime.InferenceSession(file.name, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0][0, 0]
    print(f"{op}: tract {theirs}, onnxruntime {other}")
    if not np.isnan(theirs) and np.isnan(other):
        lost.append(op)
if lost != ["Relu", "Max", "Tanh", "Sigmoid", "Mul"]:
    sys.exit(f"CHANGED: NaN is lost by {lost}")
PY
