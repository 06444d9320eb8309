"""Converters for skl2onnx: our estimators as steps of its pipelines, by the nodes of their own files."""

from __future__ import annotations

from typing import Any

from onnx import helper
from skl2onnx import update_registered_converter
from skl2onnx._parse import _parse_sklearn_classifier, _parse_sklearn_simple_model
from skl2onnx.common.data_types import (
    BooleanTensorType,
    DoubleTensorType,
    Int64TensorType,
    StringTensorType,
    guess_proto_type,
)

from chainrule.errors import InvalidValue
from chainrule.estimators.classifier import MARGINS, MLPClassifier
from chainrule.estimators.hidden_activations import HiddenActivations
from chainrule.estimators.regressor import MLPRegressor
from chainrule.models.onnx.answers import LABELS, label_table
from chainrule.models.onnx.network_model import answers_of, opened
from chainrule.models.onnx.nodes import FIRST_OPSET, Nodes

OPTIONS = {"zipmap": [True, False, "columns"], "output_class_labels": [False, True], "nocl": [False]}
LABEL_TYPES = {"O": StringTensorType, "b": BooleanTensorType, "i": Int64TensorType, "f": DoubleTensorType}


def register() -> None:
    """Add our estimators to the tables of skl2onnx."""
    for kind, options, parser in (
        (MLPClassifier, OPTIONS, _parse_classifier),
        (MLPRegressor, None, None),
        (HiddenActivations, None, None),
    ):
        update_registered_converter(
            kind, f"Chainrule{kind.__name__}", _set_shapes, _convert, options=options, parser=parser
        )


def _parse_classifier(scope: Any, model: Any, inputs: Any, custom_parsers: Any = None) -> Any:
    """Declare labels and probabilities, or margins, of which there is no map of classes."""
    parse = _parse_sklearn_simple_model if model.loss in MARGINS else _parse_sklearn_classifier
    return parse(scope, model, inputs, custom_parsers=custom_parsers)


def _set_shapes(operator: Any) -> None:
    """Tell skl2onnx the types and shapes of what comes out."""
    mlp, rows = operator.raw_operator, operator.inputs[0].get_first_dimension()
    net, _ = opened(mlp)
    if isinstance(mlp, HiddenActivations):
        operator.outputs[0].type.shape = [rows, net.layers[:-1][mlp.layer].n_outputs]
        return
    if isinstance(mlp, MLPRegressor):
        operator.outputs[0].type.shape = [rows, net.n_outputs]
        return
    label_type = LABEL_TYPES[label_table(mlp.classes_).dtype.kind]
    operator.outputs[0].set_type(label_type([rows, net.n_outputs] if mlp._multilabel else [rows]))
    two = net.n_outputs == 1 and mlp.loss not in MARGINS
    operator.outputs[1].type.shape = [rows, 2 if two else net.n_outputs]


def _convert(scope: Any, operator: Any, container: Any) -> None:
    """Add our nodes, and hand their answers over in the types that were declared."""
    if container.target_opset < FIRST_OPSET:
        raise InvalidValue(f"target_opset must be at least {FIRST_OPSET}, got {container.target_opset}.")
    container.node_domain_version_pair_sets.add(("", container.target_opset))
    _, theta = opened(operator.raw_operator)
    nodes = Nodes(theta.dtype, scope.get_unique_variable_name(type(operator.raw_operator).__name__) + "/")
    answers = answers_of(nodes, operator.raw_operator, _input(nodes, operator.inputs))
    if len(operator.outputs) == 2:  # label first is skl2onnx's order
        answers.reverse()
    nodes.place = "answers"
    for answer, output in zip(answers, operator.outputs, strict=True):
        tensor = answer.tensor
        if answer.n_columns is None and answer.name != LABELS:  # a column that predict gives as a vector
            tensor = nodes.add("Unsqueeze", tensor, nodes.columns())
        if answer.name != LABELS and guess_proto_type(output.type) != helper.np_dtype_to_tensor_dtype(nodes.dtype):
            tensor = nodes.add("Cast", tensor, to=guess_proto_type(output.type))
        nodes.rename(tensor, output.full_name)
    container.nodes.extend(nodes.nodes)
    container.initializers.extend(nodes.constants.values())


def _input(nodes: Nodes, inputs: Any) -> str:
    """Return all inputs side by side, in the dtype of the nodes."""
    element = helper.np_dtype_to_tensor_dtype(nodes.dtype)
    names = [
        one.full_name if guess_proto_type(one.type) == element else nodes.add("Cast", one.full_name, to=element)
        for one in inputs
    ]
    return names[0] if len(names) == 1 else nodes.add("Concat", *names, axis=1)
