"""Pipelines of scikit-learn's as ONNX models: written by skl2onnx, and held against their own answers before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import TensorProto, checker, shape_inference
from onnx.reference import ReferenceEvaluator
from skl2onnx import to_onnx
from sklearn.base import is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from chainrule.errors import ChainruleError, InvalidValue
from chainrule.models.onnx.answers import LABELS
from chainrule.models.onnx.network_model import ROWS, signed
from chainrule.models.onnx.sklearn_converters import register

if TYPE_CHECKING:
    from onnx import ModelProto

COMPARED = 200  # samples
CLOSE = 1e-4  # of a number's size, or of 1: further apart than rounding in float32


def pipeline_model(model: Any, X: Any, opset: int) -> ModelProto:
    """Return the ONNX model of an estimator of scikit-learn's: tensors alone, the labels last, as in our own files."""
    name = type(model).__name__
    if not isinstance(X, list | tuple) and not hasattr(X, "shape"):
        raise InvalidValue(
            f"Cannot write a {name} to ONNX without X: pass some rows of samples, of which it takes the names and the "
            "types of its columns, and with which it is compared."
        )
    check_is_fitted(model)
    X = _native(np.asarray(X) if isinstance(X, list | tuple) else X)
    wanted = _wanted(model, X[:COMPARED])
    register()
    options = {"zipmap": False} if is_classifier(model) else None
    try:
        made = to_onnx(model, X[:1], name=name, target_opset=opset, options=options)
        _tidy(made)
        checker.check_model(made, full_check=True)
        _check_imputers(name, made)
        found = _answers(made, X[:COMPARED])
    except ChainruleError:
        raise
    except Exception as error:  # what skl2onnx raises on models and data that it does not know has no end
        raise InvalidValue(f"skl2onnx cannot write this {name} to ONNX: {_reason(error)}. {_advice(X)}") from error
    _compare(name, found, wanted)
    names = {"feature_names": json.dumps(list(X.columns))} if hasattr(X, "columns") else {}
    return signed(made, {"model": name, **names})


def _native(X: Any) -> Any:
    """Return samples in a dtype that skl2onnx knows; of a data frame every column needs a name to be an input."""
    if not hasattr(X, "columns"):
        return np.asarray(X, X.dtype.newbyteorder("=")) if isinstance(X, np.ndarray) else X
    for name in X.columns:
        if not isinstance(name, str) or not name:
            raise InvalidValue(
                f"X has a column named {name!r}, and an input needs a text: fit on columns with names, or without any, "
                "on X.to_numpy(), and pass the same here."
            )
    return X


def _reason(error: Exception) -> str:
    """Return the first sentence of what skl2onnx says."""
    return str(error).strip().partition("\n")[0].partition(". ")[0].rstrip(".")


def _advice(X: Any) -> str:
    """Say what else to try: most steps are written for float32 alone."""
    dtypes = list(X.dtypes) if hasattr(X, "columns") else [X.dtype]
    if any(one.kind in "iuf" and one != np.float32 for one in dtypes):
        return "Pass the numbers of X as float32, or replace that step."
    return "Replace that step."


def _tidy(made: ModelProto) -> None:
    """Put the labels last, and give the rows of all tensors one name, without which tract takes none."""
    outputs = sorted(made.graph.output, key=lambda output: output.name.endswith(LABELS))
    del made.graph.output[:]
    made.graph.output.extend(outputs)
    for tensor in (*made.graph.input, *made.graph.output):
        if not tensor.type.HasField("tensor_type"):
            raise InvalidValue(f"Cannot write what gives back {tensor.name} as a list or a map: a file holds arrays.")
        if shape := tensor.type.tensor_type.shape.dim:
            shape[0].dim_param = ROWS


def _check_imputers(name: str, made: ModelProto) -> None:
    """Refuse to fill what is missing in float64: onnxruntime, which most files are for, would not open the file."""
    tensors = (*made.graph.input, *shape_inference.infer_shapes(made).graph.value_info)
    doubles = {one.name for one in tensors if one.type.tensor_type.elem_type == TensorProto.DOUBLE}
    if any(node.op_type == "Imputer" and node.input[0] in doubles for node in made.graph.node):
        raise InvalidValue(
            f"Cannot write the SimpleImputer of this {name} in float64: onnxruntime has it in float32 alone. Pass the "
            "numbers of X as float32."
        )


def _answers(made: ModelProto, X: Any) -> list[Any]:
    """Return what the model in the file answers; of a data frame every column is an input, its name made plain."""
    names = [one.name for one in made.graph.input]
    given = [X[[column]].to_numpy() for column in X.columns] if hasattr(X, "columns") else [np.asarray(X)]
    feed = dict(zip(names, given, strict=True))
    with np.errstate(all="ignore"):
        return list(ReferenceEvaluator(made).run(None, feed))


def _wanted(model: Any, X: Any) -> list[Any]:
    """Return what the model in Python answers: numbers, and labels where it has classes."""
    names = [next((name for name in ("predict_proba", "decision_function") if hasattr(model, name)), None), "predict"]
    if not is_classifier(model):
        names = ["predict" if hasattr(model, "predict") else "transform"]
    try:
        return [getattr(model, name)(X) for name in names if name]
    except NotFittedError:
        raise
    except (ValueError, TypeError, AttributeError) as error:  # the last of a search with refit=False
        raise InvalidValue(f"This {type(model).__name__} cannot answer for X: {error}") from error


def _compare(name: str, found: list[Any], wanted: list[Any]) -> None:
    """Refuse a file that would answer otherwise than the model."""
    for answer, own in zip(found[-len(wanted) :], wanted, strict=True):
        numbers = np.asarray(own).reshape(len(own), -1)
        other = np.asarray(answer).reshape(len(own), -1)
        same = _same(other, numbers).all(axis=1) if other.shape == numbers.shape else np.zeros(len(own), bool)
        if not same.all():
            row = int(np.argmin(same))
            raise InvalidValue(
                f"What skl2onnx writes for this {name} answers otherwise than the model: {_row(other, row)} instead of "
                f"{_row(numbers, row)} in row {row} of X. Use other steps, or another version of skl2onnx."
            )


def _same(found: Any, wanted: Any) -> Any:
    """Whether entries are equal, numbers up to rounding."""
    if wanted.dtype.kind == "f":
        return np.isclose(found, wanted, rtol=CLOSE, atol=CLOSE)
    return found == wanted


def _row(values: Any, row: int) -> str:
    return str(np.round(values[row], 4).tolist() if values.dtype.kind == "f" else values[row].tolist())
