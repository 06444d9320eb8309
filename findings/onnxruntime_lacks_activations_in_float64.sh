#!/usr/bin/env bash
# Guess: what the ONNX standard allows in float64, and onnx's checker accepts, onnxruntime runs in every opset that it
#   knows or in none; and an activation in float64 has the digits of float64.
# Behaviour: onnxruntime's CPU provider has no float64 kernel for Elu, Selu, Softplus, LeakyRelu, Mish and Gelu. In a
#   model of opset 18 the first five run all the same, in one of 17, 19, 20 or 21 they do not (LeakyRelu from 16 to 18):
#   onnx describes them as functions made of other operations, and these are only taken where their opset is the
#   model's. So a model that is lifted from opset 18 to 19, and is valid in both, stops running. And where LeakyRelu
#   runs, its slope is an attribute, which is a float32: with alpha=0.01 it is 0.00999999977648258.
# Versions: onnxruntime 1.32.0 (CPU), onnx 1.23.2, NumPy 2.4.6 (Python 3.11).
# Source: onnxruntime/core/providers/cpu/cpu_execution_provider.cc (which types are registered); the function bodies in
#   onnx/defs/math/defs.cc, of opset 18; AttributeProto.f in onnx.proto.
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


def answer(op, opset, **attributes):
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["n"])
    model = helper.make_model(
        helper.make_graph([helper.make_node(op, ["x"], ["y"], **attributes)], "g", [value("x")], [value("y")]),
        opset_imports=[helper.make_opsetid("", opset)], ir_version=8,
    )
    onnx.checker.check_model(model, full_check=True)
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    except Exception as error:
        assert "Could not find an implementation" in str(error), error
        return None
    return session.run(None, {"x": np.array([-1.0, 2.0])})[0]


runs = {}
for op, first in (("Elu", 17), ("Selu", 17), ("Softplus", 17), ("LeakyRelu", 17), ("Mish", 18), ("Gelu", 20), ("Tanh", 17)):
    runs[op] = [opset for opset in range(first, 22) if answer(op, opset) is not None]
    print(f"{op} in float64 runs in models of opset {runs[op]} among {first} to 21")
slope = -float(answer("LeakyRelu", 18, alpha=0.01)[0])
print(f"slope of LeakyRelu in float64: {slope!r}")
expected = {"Elu": [18], "Selu": [18], "Softplus": [18], "LeakyRelu": [17, 18], "Mish": [18], "Gelu": [], "Tanh": [17, 18, 19, 20, 21]}
if runs != expected or slope != float(np.float32(0.01)):
    sys.exit(f"CHANGED: {runs}, slope {slope!r}")
PY
