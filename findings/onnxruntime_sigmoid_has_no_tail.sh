#!/usr/bin/env bash
# Guess: a probability that a model's Sigmoid gives is right to the last digits of its dtype, however small it is.
# Behaviour: onnxruntime's Sigmoid is exact about 1/2 only. In float32 it is cut off at -18: Sigmoid(-15) is wrong by
#   17 %, Sigmoid(-20) is exactly 0 instead of 2.06e-9, and its logarithm -inf. In float64 Sigmoid(-80) is 0 instead of
#   1.8e-35, and Sigmoid(-20) is wrong in the 8th digit. 1 / (1 + Exp(-x)), written with the operations Neg, Exp, Add
#   and Reciprocal, is right to the last digits in both.
# Versions: onnxruntime 1.32.0 (CPU), onnx 1.23.2, NumPy 2.4.6 (Python 3.11, x86-64).
# Source: onnxruntime/core/mlas/lib/logistic.cpp: a rational function of an argument clamped to [-18, 18].
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

print("onnxruntime", onnxruntime.__version__, "onnx", onnx.__version__, "NumPy", np.__version__)
x = np.array([-15.0, -20.0, -80.0])
exact = 1 / (1 + np.exp(-x.astype(np.longdouble)))
primitives = [
    helper.make_node("Neg", ["x"], ["n"]),
    helper.make_node("Exp", ["n"], ["e"]),
    helper.make_node("Add", ["e", "one"], ["s"]),
    helper.make_node("Reciprocal", ["s"], ["y"]),
]


def answer(nodes, dtype):
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    one = [onnx.numpy_helper.from_array(np.array(1, dtype), "one")] if len(nodes) > 1 else []
    value = lambda name: helper.make_tensor_value_info(name, kind, ["n"])
    model = helper.make_model(
        helper.make_graph(nodes, "g", [value("x")], [value("y")], one),
        opset_imports=[helper.make_opsetid("", 17)], ir_version=8,
    )
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x.astype(dtype)})[0]


wrong = {}
for dtype in (np.float32, np.float64):
    for name, nodes in (("Sigmoid", [helper.make_node("Sigmoid", ["x"], ["y"])]), ("1/(1+Exp(-x))", primitives)):
        y = answer(nodes, dtype)
        wrong[dtype.__name__, name] = np.abs(y / exact - 1).astype(float)
        print(dtype.__name__, name, dict(zip(x.tolist(), y.tolist())), "relative errors", wrong[dtype.__name__, name])
tails_lost = wrong["float32", "Sigmoid"][1] == 1 and wrong["float64", "Sigmoid"][2] == 1
written_out_is_right = wrong["float32", "1/(1+Exp(-x))"].max() < 1e-5 and wrong["float64", "1/(1+Exp(-x))"].max() < 1e-13
if not (tails_lost and wrong["float32", "Sigmoid"][0] > 0.1 and written_out_is_right):
    sys.exit("CHANGED: Sigmoid keeps its tail, or 1/(1+Exp(-x)) does not")
PY
