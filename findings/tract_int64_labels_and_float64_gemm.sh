#!/usr/bin/env bash
# Guess: an int64 output of an ONNX model, a class label, comes out of tract as an int64 array; and Gemm, which the
#   standard allows in float64, runs in float64 as MatMul and Add do.
# Behaviour: an int64 that was computed (by Cast of a comparison, by ArgMax) is a "TDim", tract's symbolic dimension,
#   which its Python package cannot turn into an array; looked up by Gather in an int64 constant it is an int64. And
#   Gemm with a bias stops in float64 while the model is loaded: its beta is a float32.
# Versions: tract 0.23.9, onnx 1.23.2, NumPy 2.4.6 (Python 3.11).
# Source: tract's ONNX front end turns int64 into TDim so that shapes can be computed; gemm.rs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet tract==0.23.9 onnx==1.23.2 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import tempfile

import numpy as np
import onnx
import tract
from onnx import TensorProto, helper, numpy_helper

print("tract", tract.version(), "onnx", onnx.__version__, "NumPy", np.__version__)


def outcome(nodes, x, kind, shape, constants):
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", helper.np_dtype_to_tensor_dtype(x.dtype), ["n", 2])],
        [helper.make_tensor_value_info("y", kind, shape)], [numpy_helper.from_array(c, name) for name, c in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        onnx.save(model, file.name)
        try:
            return str(tract.onnx().load(file.name).into_model().into_runnable().run([x])[0].to_numpy().dtype)
        except Exception as error:
            return " ".join(str(error).split("Stack backtrace")[0].split())


x = np.array([[1.0, 2.0], [4.0, 3.0]])
argmax = helper.make_node("ArgMax", ["x"], ["i"], axis=1, keepdims=0)
cast = [helper.make_node("Greater", ["x", "zero"], ["m"]), helper.make_node("Cast", ["m"], ["y"], to=TensorProto.INT64)]
table, W, b = np.array([5, 7]), np.eye(2), np.ones(2)
matmul = [helper.make_node("MatMul", ["x", "W"], ["z"]), helper.make_node("Add", ["z", "b"], ["y"])]
seen = {
    "Cast to int64": outcome(cast, x, TensorProto.INT64, ["n", 2], {"zero": np.zeros(1)}),
    "ArgMax, Gather": outcome([argmax, helper.make_node("Gather", ["t", "i"], ["y"])], x, TensorProto.INT64, ["n"], {"t": table}),
    "Gemm, float32": outcome([helper.make_node("Gemm", ["x", "W", "b"], ["y"])], x.astype(np.float32), TensorProto.FLOAT, ["n", 2],
                             {"W": W.astype(np.float32), "b": b.astype(np.float32)}),
    "Gemm, float64": outcome([helper.make_node("Gemm", ["x", "W", "b"], ["y"])], x, TensorProto.DOUBLE, ["n", 2], {"W": W, "b": b}),
    "MatMul, Add, float64": outcome(matmul, x, TensorProto.DOUBLE, ["n", 2], {"W": W, "b": b}),
}
for name, what in seen.items():
    print(f"{name}: {what}")
expected = "TDim" in seen["Cast to int64"] and seen["ArgMax, Gather"] == "int64" and seen["Gemm, float32"] == "float32"
if not (expected and "F32, accessed as F64" in seen["Gemm, float64"] and seen["MatMul, Add, float64"] == "float64"):
    sys.exit(f"CHANGED: {seen}")
PY
