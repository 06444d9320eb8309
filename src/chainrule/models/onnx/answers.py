"""Answers: what a graph gives back, the outputs of a network, predicted numbers, probabilities and labels."""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from onnx import TensorProto

from chainrule.errors import InvalidValue
from chainrule.estimators.classifier import MARGINS
from chainrule.maths.activations import SIGMOID
from chainrule.models.onnx.activation_nodes import add_activation, mirrored_sigmoid

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.estimators.classifier import MLPClassifier
    from chainrule.maths.arrays import Array
    from chainrule.models.onnx.nodes import Nodes
    from chainrule.network.network import Network

NO_NUMBER = np.iinfo(np.int64).min  # what NumPy makes of NaN as an int64; as a text it is "nan"
LABELS = "label"


class GraphOutput(NamedTuple):
    """A tensor that a graph gives back: its name outside, its name inside, its columns if it has some, its meaning."""

    name: str
    tensor: str
    n_columns: int | None
    meaning: str


def add_outputs(nodes: Nodes, net: Network, theta: Array, x: str, n_layers: int | None = None) -> str:
    """Add the layers, or the first ones, and return what comes out of them, NaN in rows that no network can use."""
    number = len(net.layers) if n_layers is None else n_layers
    return guarded(nodes, _activated(nodes, net, number, _add_logits(nodes, net, theta, x, number)), x)


def _add_logits(nodes: Nodes, net: Network, theta: Array, x: str, n_layers: int) -> str:
    """Add Z = A W + b and A = f(Z), layer after layer, up to the last Z."""
    a = z = x
    for number, (W, b) in enumerate(net.views(theta)[:n_layers], start=1):
        if number > 1:
            a = _activated(nodes, net, number - 1, z)
        nodes.place = f"Z{number}"
        z = nodes.add("MatMul", a, nodes.constant(f"W{number}", W))  # and no Gemm, which tract has in float32 alone
        if b is not None:
            z = nodes.add("Add", z, nodes.constant(f"b{number}", b))
        nodes.widths[z] = net.layers[number - 1].n_outputs
    return z


def _activated(nodes: Nodes, net: Network, number: int, z: str) -> str:
    """Add the activation of a layer, counted from 1."""
    layer = net.layers[number - 1]
    nodes.place = f"A{number}_{layer.activation.name}"
    a = add_activation(nodes, layer.activation, z)
    nodes.widths[a] = layer.n_outputs
    return a


def guarded(nodes: Nodes, y: str, x: str) -> str:
    """Y + Σ_j (x_j − x_j): Y itself, but NaN in a row of X that holds NaN or infinity.

    ``predict`` refuses such rows. On its way through the layers a NaN can be lost: tract's Relu makes it 0.
    """
    nodes.place = "unusable_rows_are_nan"
    rows = nodes.add("ReduceSum", nodes.add("Sub", x, x), nodes.columns(), keepdims=1)
    return nodes.add("Add", y, rows)


def one_column_flat(nodes: Nodes, y: str, n_columns: int) -> tuple[str, int | None]:
    """Return a single column as a vector, as ``predict`` does."""
    return (nodes.add("Squeeze", y, nodes.columns()), None) if n_columns == 1 else (y, n_columns)


def of_classes(nodes: Nodes, clf: MLPClassifier, x: str) -> list[GraphOutput]:
    """Add probabilities, or the margins of losses that have these, and the labels that ``predict`` gives."""
    net, margins = clf.network_, clf.loss in MARGINS
    two = clf.n_outputs_ == 1 and not margins
    z = _add_logits(nodes, net, clf.theta_, x, len(net.layers))
    # where a sigmoid rounds to ½, its Z knows the side; among several classes the largest Y is taken, as by predict
    by_side = net.layers[-1].activation == SIGMOID and not margins and (two or clf._multilabel)
    if two and by_side:
        y = scores = _both_tails(nodes, z)
    else:
        y = _activated(nodes, net, len(net.layers), z)
        scores = nodes.add("Concat", nodes.add("Sub", nodes.number(1.0), y), y, axis=1) if two else y
    scores = guarded(nodes, scores, x)
    evidence, boundary = (z, 0.0) if by_side else (y, 0.0 if margins else 0.5)
    label = _label(nodes, clf, evidence, boundary, scores)
    order = f"in the order of the classes {reprlib.repr(clf.classes_.tolist())}"
    if margins:
        scores, columns = one_column_flat(nodes, scores, clf.n_outputs_)
        return [GraphOutput("decision_function", scores, columns, f"Margin of each class, {order}."), label]
    columns = 2 if two else clf.n_outputs_
    return [GraphOutput("probabilities", scores, columns, f"Probability of each class, {order}."), label]


def _both_tails(nodes: Nodes, z: str) -> str:
    """Add the probabilities of two classes, σ(−Z) and σ(Z); 1 − σ(Z) would lose the tail of the first."""
    nodes.place = "probabilities"
    signs = nodes.constant("signs", np.array([[1.0, -1.0]], nodes.dtype))
    return mirrored_sigmoid(nodes, nodes.add("Mul", z, signs))


def _label(nodes: Nodes, clf: MLPClassifier, evidence: str, boundary: float, scores: str) -> GraphOutput:
    """Add the labels, looked up in a table at whose end stands what a row gets that cannot be classified."""
    nodes.place = LABELS
    many = clf._multilabel
    table = np.array([0, 1, NO_NUMBER]) if many else label_table(clf.classes_)
    if clf.n_outputs_ > 1 and not many:
        index = nodes.add("ArgMax", evidence, axis=1, keepdims=0)
    else:
        above, _ = one_column_flat(nodes, nodes.add("Greater", evidence, nodes.number(boundary)), clf.n_outputs_)
        index = nodes.add("Cast", above, to=TensorProto.INT64)
    total = scores if many else nodes.add("ReduceSum", scores, nodes.columns(), keepdims=0)
    known = nodes.add("Equal", total, total)  # NaN is not equal to itself
    index = nodes.add("Where", known, index, nodes.constant("unknown", np.array(len(table) - 1)))
    label = nodes.add("Gather", nodes.constant("labels", table), index)
    meaning = "1 for each label that the sample has" if many else "The class of the sample"
    return GraphOutput(LABELS, label, clf.n_outputs_ if many else None, f"{meaning}; {_unknown(table)}")


def label_table(classes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the labels of classes 0, 1 and so on, and at the end the one of a row that cannot be classified.

    >>> label_table(np.array(["no", "yes"])).tolist(), label_table(np.array([3, 5])).tolist()
    (['no', 'yes', 'nan'], [3, 5, -9223372036854775808])
    """
    labels = classes.tolist()
    labels = labels * 2 if len(labels) == 1 else labels  # of one class, both sides of the boundary are that
    kinds = {type(label) for label in labels}
    if kinds == {str}:
        return np.array([*labels, "nan"], dtype=object)
    if kinds == {bool}:
        return np.array([*labels, False])
    if kinds == {int} and all(abs(label) < 2**63 for label in labels):
        return np.array([*labels, NO_NUMBER], np.int64)
    if kinds == {float}:
        return np.array([*labels, np.nan])
    raise InvalidValue(
        f"Cannot write the classes {labels[:3]!r} to ONNX: its labels are strings, truth values or numbers of 64 bits. "
        "Fit with such labels."
    )


def _unknown(table: npt.NDArray[Any]) -> str:
    """Say which label a row has that holds NaN or infinity."""
    if table.dtype == bool:
        return "False where a cell is NaN or infinite: the probabilities are NaN there."
    return f"{table[-1]} where a cell is NaN or infinite."
