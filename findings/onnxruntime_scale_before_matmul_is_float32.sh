#!/usr/bin/env bash
# Guess: onnxruntime's optimizations do not change what a float64 model computes, but for the order of sums.
# Behaviour: where x / 3 (or x * s, s any constant number) stands before or after a MatMul, both are fused into one
#   FusedMatMul, whose factor "alpha" is a float32: a float64 model is then wrong from the 8th digit on. Default
#   settings do so; with ORT_ENABLE_BASIC the digits are all there. onnxruntime-web 1.30.0 does the same; 1.32.0 of the
#   Python package no longer does.
# Versions: onnxruntime 1.31.1 (CPU), onnx 1.23.2, NumPy 2.4.6 (Python 3.11).
# Source: onnxruntime/core/optimizer/matmul_scale_fusion.cc.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet onnxruntime==1.31.1 onnx==1.23.2 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

print("onnxruntime", onnxruntime.__version__, "onnx", onnx.__version__, "NumPy", np.__version__)
x, W, s = np.linspace(-1, 1, 8).reshape(2, 4), np.linspace(0.1, 2, 12).reshape(4, 3), np.array(1 / 3)
nodes = [helper.make_node("Mul", ["x", "s"], ["z"]), helper.make_node("MatMul", ["z", "W"], ["y"])]
value = lambda name, width: helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["n", width])
constants = [numpy_helper.from_array(W, "W"), numpy_helper.from_array(s, "s")]
model = helper.make_model(
    helper.make_graph(nodes, "g", [value("x", 4)], [value("y", 3)], constants),
    opset_imports=[helper.make_opsetid("", 17)], ir_version=8,
)
onnx.checker.check_model(model, full_check=True)
errors = {}
for level in ("ORT_ENABLE_BASIC", "ORT_ENABLE_ALL"):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    errors[level] = float(np.abs(session.run(None, {"x": x})[0] - x * s @ W).max())
    print(level, "largest error", errors[level])
if not (errors["ORT_ENABLE_BASIC"] < 1e-15 and errors["ORT_ENABLE_ALL"] > 1e-9):
    sys.exit(f"CHANGED: the errors are {errors}")
PY
