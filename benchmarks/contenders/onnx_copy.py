"""onnxruntime on an exported copy: Gemm, Relu, …, Softmax, built by hand from the same parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from benchmarks.workloads import Workload

OPSET, IR_VERSION = 17, 9


def exported(workload: Workload) -> bytes:
    """Return the network at its start as an ONNX model."""
    nodes, constants, value = [], [], "X"
    layers = workload.start()
    for number, (W, b) in enumerate(layers, start=1):
        bias = np.zeros(W.shape[1], W.dtype) if b is None else b
        constants += [numpy_helper.from_array(W, f"W{number}"), numpy_helper.from_array(bias, f"b{number}")]
        nodes.append(helper.make_node("Gemm", [value, f"W{number}", f"b{number}"], [f"Z{number}"]))
        last = number == len(layers)
        operation = "Softmax" if last else {"relu": "Relu", "sigmoid": "Sigmoid"}[workload.hidden]
        value = "Y" if last else f"A{number}"
        nodes.append(helper.make_node(operation, [f"Z{number}"], [value]))
    element = TensorProto.FLOAT if workload.dtype == "float32" else TensorProto.DOUBLE
    X = helper.make_tensor_value_info("X", element, ["N", workload.sizes[0]])
    Y = helper.make_tensor_value_info("Y", element, ["N", workload.sizes[-1]])
    graph = helper.make_graph(nodes, workload.name, [X], [Y], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    checker.check_model(model)
    return model.SerializeToString()


class OnnxCopy:
    """Predicts by an inference session with one thread that does not spin."""

    libraries = ("onnx", "onnxruntime")

    def predictor(self, workload: Workload) -> Callable[[npt.NDArray[Any]], npt.NDArray[Any]]:
        """``session.run`` at the workload's start."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = onnxruntime.InferenceSession(exported(workload), options, providers=["CPUExecutionProvider"])
        return lambda X: session.run(None, {"X": X})[0]
