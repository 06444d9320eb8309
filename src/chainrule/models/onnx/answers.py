"""Answers: what a graph gives back, the outputs of a network, predicted numbers, probabilities and labels."""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from onnx import TensorProto

from chainrule.errors import InvalidValue
from chainrule.estimators.classifier import MARGINS
from chainrule.maths.activations import SIGMOID, SOFTMAX
from chainrule.models.onnx.activation_nodes import add_activation, mirrored_sigmoid

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.estimators.classifier import MLPClassifier
    from chainrule.maths.arrays import Array
    from chainrule.models.onnx.nodes import Nodes
    from chainrule.network.network import Network

NO_NUMBER = np.iinfo(np.int64).min  # what NumPy makes of NaN as an int64; as a text it is "nan"
LABELS = "label"


class Answer(NamedTuple):
    """A tensor that a graph gives back: its name outside, its name inside, its columns if it has some, its meaning."""

    name: str
    tensor: str
    n_columns: int | None
    meaning: str


def add_layers(nodes: Nodes, net: Network, theta: Array, x: str, n_layers: int | None = None) -> tuple[str, str]:
    """Add Z = A W + b and A = f(Z) for each layer, or the first ones, and return the names of the last Z and A."""
    z = a = x
    for number, (layer, (W, b)) in enumerate(list(zip(net.layers, net.views(theta), strict=True))[:n_layers], start=1):
        nodes.place = f"Z{number}"
        z = nodes.add("MatMul", a, nodes.constant(f"W{number}", W))  # and no Gemm, which tract has in float32 alone
        if b is not None:
            z = nodes.add("Add", z, nodes.constant(f"b{number}", b))
        nodes.place = f"A{number}_{layer.activation.name}"
        a = add_activation(nodes, layer.activation, z)
        nodes.widths |= {z: layer.n_outputs, a: layer.n_outputs}
    nodes.place = ""
    return z, a


def add_outputs(nodes: Nodes, net: Network, theta: Array, x: str, n_layers: int | None = None) -> str:
    """Add the layers, and return what comes out of them, NaN in rows that no network can use."""
    _, y = add_layers(nodes, net, theta, x, n_layers)
    return guarded(nodes, y, x)


def guarded(nodes: Nodes, y: str, x: str) -> str:
    """Y + Σ_j (x_j − x_j): Y itself, but NaN in a row of X that holds NaN or infinity.

    ``predict`` refuses such rows. On its way through the layers a NaN can be lost: tract's Relu makes it 0.
    """
    nodes.place = "unusable_rows_are_nan"
    rows = nodes.add("ReduceSum", nodes.add("Sub", x, x), nodes.columns(), keepdims=1)
    y = nodes.add("Add", y, rows)
    nodes.place = ""
    return y


def one_column_flat(nodes: Nodes, y: str, n_columns: int) -> tuple[str, int | None]:
    """Return a single column as a vector, as ``predict`` does."""
    return (nodes.add("Squeeze", y, nodes.columns()), None) if n_columns == 1 else (y, n_columns)


def of_classes(nodes: Nodes, clf: MLPClassifier, x: str) -> list[Answer]:
    """Add probabilities, or the margins of losses that have these, and the labels that ``predict`` gives."""
    z, y = add_layers(nodes, clf.network_, clf.theta_, x)
    margins = clf.loss in MARGINS
    scores, n_columns = (y, clf.n_outputs_) if margins else _probabilities(nodes, clf, z, y)
    scores = guarded(nodes, scores, x)
    label = _label(nodes, clf, z, y, scores)
    order = f"in the order of the classes {reprlib.repr(clf.classes_.tolist())}"
    if margins:
        scores, columns = one_column_flat(nodes, scores, n_columns)
        return [Answer("decision_function", scores, columns, f"Margin of each class, {order}."), label]
    return [Answer("probabilities", scores, n_columns, f"Probability of each class, {order}."), label]


def _probabilities(nodes: Nodes, clf: MLPClassifier, z: str, y: str) -> tuple[str, int]:
    """Return the probabilities of all classes; those of two keep both tails, σ(−Z) and σ(Z), where 1 − Y would not."""
    if clf.n_outputs_ > 1:
        return y, clf.n_outputs_
    nodes.place = "probabilities"
    if clf.network_.layers[-1].activation == SIGMOID:
        signs = nodes.constant("signs", np.array([[1.0, -1.0]], nodes.dtype))
        return mirrored_sigmoid(nodes, nodes.add("Mul", z, signs)), 2
    return nodes.add("Concat", nodes.add("Sub", nodes.number(1.0), y), y, axis=1), 2


def _label(nodes: Nodes, clf: MLPClassifier, z: str, y: str, scores: str) -> Answer:
    """Add the labels, looked up in a table at whose end stands what a row gets that cannot be classified."""
    nodes.place = LABELS
    table = np.array([0, 1, NO_NUMBER]) if clf._multilabel else label_table(clf.classes_)
    index = _index(nodes, clf, z, y)
    total = scores if clf._multilabel else nodes.add("ReduceSum", scores, nodes.columns(), keepdims=0)
    known = nodes.add("Equal", total, total)  # NaN is not equal to itself
    index = nodes.add("Where", known, index, nodes.constant("unknown", np.array(len(table) - 1)))
    label = nodes.add("Gather", nodes.constant("labels", table), index)
    if clf._multilabel:
        return Answer(LABELS, label, clf.n_outputs_, f"1 for each label that the sample has; {_unknown(table)}")
    return Answer(LABELS, label, None, f"The class of the sample; {_unknown(table)}")


def _index(nodes: Nodes, clf: MLPClassifier, z: str, y: str) -> str:
    """Return where in the table a sample's label stands, each of its labels where it may have many.

    After a sigmoid or a softmax it is read off Z, which knows a side still where Y has rounded to ½.
    """
    margins = clf.loss in MARGINS
    from_logits = not margins and clf.network_.layers[-1].activation in (SIGMOID, SOFTMAX)
    evidence = z if from_logits else y
    if clf.n_outputs_ > 1 and not clf._multilabel:
        return nodes.add("ArgMax", evidence, axis=1, keepdims=0)
    above = nodes.add("Greater", evidence, nodes.number(0.0 if margins or from_logits else 0.5))
    if not clf._multilabel:
        above = nodes.add("Squeeze", above, nodes.columns())
    return nodes.add("Cast", above, to=TensorProto.INT64)


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
        return np.array([*labels, np.nan], np.float32 if classes.dtype == np.float32 else np.float64)
    raise InvalidValue(
        f"Cannot write the classes {labels[:3]!r} to ONNX: its labels are strings, truth values or numbers of 64 bits. "
        "Fit with such labels."
    )


def _unknown(table: npt.NDArray[Any]) -> str:
    """Say which label a row has that holds NaN or infinity."""
    if table.dtype == bool:
        return "False where a cell is NaN or infinite: the probabilities are NaN there."
    return f"{table[-1]} where a cell is NaN or infinite."
