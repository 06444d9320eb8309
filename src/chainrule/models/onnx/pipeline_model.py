"""Pipelines of scikit-learn's as ONNX models: written by skl2onnx, and held against their own answers before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import checker
from onnx.reference import ReferenceEvaluator
from skl2onnx import to_onnx
from sklearn.base import is_classifier
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
    if not hasattr(X, "__getitem__"):
        raise InvalidValue(
            f"Cannot write a {name} to ONNX without X: pass some rows of samples, of which it takes the names and the "
            "types of its columns, and with which it is compared."
        )
    check_is_fitted(model)
    X = np.asarray(X) if isinstance(X, list | tuple) else X
    wanted = _wanted(model, X[:COMPARED])
    register()
    options = {"zipmap": False} if is_classifier(model) else None
    try:
        made = to_onnx(model, X[:1], name=name, target_opset=opset, options=options)
        _tidy(made)
        checker.check_model(made, full_check=True)
        found = _answers(made, X[:COMPARED])
    except ChainruleError:
        raise
    except Exception as error:  # what skl2onnx raises on models and data that it does not know has no end
        raise InvalidValue(f"skl2onnx cannot write this {name} to ONNX: {error}") from error
    _compare(name, found, wanted)
    return signed(made, {"model": name})


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


def _answers(made: ModelProto, X: Any) -> list[Any]:
    """Return what the model in the file answers; of a data frame every column is an input."""
    names = [one.name for one in made.graph.input]
    columns = hasattr(X, "columns")
    feed = {name: X[[name]].to_numpy() if columns else np.asarray(X) for name in names}
    with np.errstate(all="ignore"):
        return list(ReferenceEvaluator(made).run(None, feed))


def _wanted(model: Any, X: Any) -> list[Any]:
    """Return what the model in Python answers: numbers, and labels where it has classes."""
    if not is_classifier(model):
        return [model.predict(X) if hasattr(model, "predict") else model.transform(X)]
    scores = next((name for name in ("predict_proba", "decision_function") if hasattr(model, name)), None)
    return [*([getattr(model, scores)(X)] if scores else []), model.predict(X)]


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
