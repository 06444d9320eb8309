"""An ONNX model of a network or an estimator: its graph, and what a viewer such as Netron shows of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import helper
from sklearn.utils.validation import check_is_fitted

import chainrule
from chainrule.errors import InvalidValue
from chainrule.estimators.classifier import MLPClassifier
from chainrule.estimators.hidden_activations import HiddenActivations
from chainrule.estimators.regressor import MLPRegressor
from chainrule.models.onnx.answers import LABELS, GraphOutput, add_outputs, label_table, of_classes, one_column_flat
from chainrule.models.onnx.nodes import Nodes
from chainrule.network.inputs import as_inputs

if TYPE_CHECKING:
    import numpy.typing as npt
    from onnx import ModelProto, ValueInfoProto

    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network

INPUT = "X"
ROWS = "n_samples"
MOST_BYTES = 2**31 - 2**20  # of parameters: a file of protocol buffers ends at 2 GiB


def network_model(model: Any, X: Any, opset: int) -> ModelProto:
    """Return the ONNX model of a pair (net, theta) or of a fitted estimator; its input has X's dtype, or theta's."""
    net, theta = opened(model)
    nodes = Nodes(theta.dtype)
    dtype = theta.dtype if X is None else _input_dtype(net, X)
    x = INPUT if dtype == theta.dtype else nodes.add("Cast", INPUT, to=_element(theta.dtype), named="X_cast")
    answers = answers_of(nodes, model, x)
    outputs = [_output(nodes, answer, model) for answer in answers]
    given = helper.make_tensor_value_info(INPUT, _element(dtype), [ROWS, net.n_features], _input_meaning(model))
    graph = helper.make_graph(
        nodes.nodes, _kind(model), [given], outputs, list(nodes.constants.values()), _summary(net),
        [helper.make_tensor_value_info(name, _element(theta.dtype), [ROWS, width])
         for name, width in nodes.widths.items() if name not in {INPUT, *(output.name for output in outputs)}],
    )  # fmt: skip
    opsets = [helper.make_opsetid("", opset)]
    made = helper.make_model(
        graph, opset_imports=opsets, ir_version=helper.find_min_ir_version_for(opsets), doc_string=graph.doc_string
    )
    return signed(made, _facts(model, net))


def signed(made: ModelProto, facts: dict[str, str]) -> ModelProto:
    """Say who wrote a model, and of what."""
    made.producer_name, made.producer_version = "chainrule", chainrule.__version__
    helper.set_model_props(made, facts)
    return made


def opened(model: Any) -> tuple[Network, Array]:
    """Return the network and the parameters of a model, or the sentence about those that a file cannot hold."""
    if isinstance(model, tuple):
        net, theta = model
    else:
        check_is_fitted(model)
        mlp = model.estimator_ if isinstance(model, HiddenActivations) else model
        net, theta = mlp.network_, mlp.theta_
    if theta.nbytes > MOST_BYTES:
        raise InvalidValue(
            f"Cannot write {theta.nbytes / 2**30:.1f} GiB of parameters to ONNX: one file holds 2 GiB. Use float32, or "
            "a smaller network."
        )
    if not np.isfinite(theta).all():
        place = int(np.flatnonzero(~np.isfinite(theta))[0])
        raise InvalidValue(f"theta holds {theta[place]} at {place}: its outputs would be NaN. Train the network again.")
    return net, theta


def _input_dtype(net: Network, X: Any) -> np.dtype[Any]:
    """Return the dtype of samples that the network takes."""
    rows = X[:1] if isinstance(X, list | tuple) or hasattr(X, "shape") else X
    as_inputs(rows, net.n_features)
    dtype = np.asarray(rows).dtype
    if dtype.itemsize > 8:
        raise InvalidValue(f"X must be an array of numbers of at most 64 bits, got dtype {dtype}.")
    return dtype.newbyteorder("=")


def answers_of(nodes: Nodes, model: Any, x: str) -> list[GraphOutput]:
    """Add everything that a model computes of x, and return what it gives back."""
    net, theta = opened(model)
    if isinstance(model, MLPClassifier):
        return of_classes(nodes, model, x)
    if isinstance(model, HiddenActivations):
        number = model.layer % (len(net.layers) - 1) + 1
        y = add_outputs(nodes, net, theta, x, number)
        return [
            GraphOutput(f"hidden{number}", y, net.layers[number - 1].n_outputs, f"What hidden layer {number} gives.")
        ]
    y = add_outputs(nodes, net, theta, x)
    if isinstance(model, MLPRegressor):
        prediction, n_columns = one_column_flat(nodes, y, net.n_outputs)
        return [GraphOutput("prediction", prediction, n_columns, "The predicted numbers.")]
    return [GraphOutput("Y", y, net.n_outputs, "The outputs of the network.")]


def _output(nodes: Nodes, answer: GraphOutput, model: Any) -> ValueInfoProto:
    """Give a tensor its name outside, and return what a reader is told of it."""
    nodes.rename(answer.tensor, answer.name)
    shape: list[str | int | None] = [ROWS] if answer.n_columns is None else [ROWS, answer.n_columns]
    element = _element(label_table(model.classes_).dtype if answer.name == LABELS else nodes.dtype)
    return helper.make_tensor_value_info(answer.name, element, shape, answer.meaning)


def _element(dtype: npt.DTypeLike) -> int:
    return int(helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))


def _kind(model: Any) -> str:
    return "Network" if isinstance(model, tuple) else type(model).__name__


def _summary(net: Network) -> str:
    """A network in a line.

    >>> from chainrule import Dense, Network
    >>> _summary(Network([Dense(3, "relu"), Dense(1)], n_features=2))
    'Network: 2 features -> 3 relu -> 1 identity, loss half_squared_error'
    """
    return repr(net).partition("\n")[0]


def _input_meaning(model: Any) -> str:
    names = getattr(model, "feature_names_in_", None)
    return "A sample a row." if names is None else f"A sample a row, its columns: {', '.join(names)}."


def _facts(model: Any, net: Network) -> dict[str, str]:
    """Return what is stored beside the graph, texts or JSON."""
    facts = {"model": _kind(model), "network": _summary(net), "n_parameters": str(net.n_parameters)}
    if hasattr(model, "feature_names_in_"):
        facts["feature_names"] = json.dumps(list(model.feature_names_in_))
    if isinstance(model, MLPClassifier):
        facts["classes"] = json.dumps(model.classes_.tolist())
    return facts
