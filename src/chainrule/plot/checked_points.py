"""What a picture is asked to show, made clean or refused with a sentence: points, class labels, and the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.network.inputs import as_array, check_finite

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.maths.arrays import Array

Extent = tuple[float, float, float, float]
MARGIN = 0.1  # of the data's range, on each side


@dataclass(frozen=True)
class CheckedPoints:
    """Points (n_samples, 2), the class number of each, and the label of each class number."""

    points: Array
    numbers: npt.NDArray[np.intp]
    classes: tuple[object, ...]


def as_points(X: npt.ArrayLike) -> Array:
    """Return X, shape (n_samples, 2), checked."""
    array = as_array("X", X, np.float64)
    if array.ndim != 2 or array.shape[1] != 2:
        raise InvalidValue(
            f"X must have two columns to be drawn in the plane, got shape {array.shape}. Choose two: X[:, [0, 1]]."
        )
    if not len(array):
        raise InvalidValue("X has no rows: there is nothing to draw.")
    check_finite("X", array)
    return array


def as_labels(name: str, values: npt.ArrayLike, n_samples: int) -> npt.NDArray[Any]:
    """Return class labels, shape (n_samples,): numbers or strings; one-hot rows become column numbers.

    >>> as_labels("T", [[0, 1], [1, 0]], n_samples=2)
    array([1, 0])
    """
    labels = np.asarray(values)
    if labels.dtype.kind == "O" and all(isinstance(label, str) for label in labels.flat):
        labels = labels.astype(str)
    if labels.dtype.kind != "U":
        labels = as_array(name, values, np.float64)
        check_finite(name, labels)
    if labels.ndim == 2 and labels.shape[1] > 1:
        labels = _columns(name, labels)
    if labels.shape not in ((n_samples,), (n_samples, 1)):
        raise InvalidValue(
            f"{name} must have one label for each of the {n_samples} rows of X, got shape {labels.shape}."
        )
    return labels.reshape(n_samples)


def _columns(name: str, rows: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    ones: npt.NDArray[np.bool_] = rows == 1
    if rows.dtype.kind == "U" or not ((ones | (rows == 0)).all() and (ones.sum(axis=1) == 1).all()):
        raise InvalidValue(
            f"{name} has {rows.shape[1]} columns, but its rows are not one-hot. Give one class label a sample."
        )
    numbers: npt.NDArray[np.intp] = ones.argmax(axis=1)
    return numbers


def _check_thresholded(truth: npt.NDArray[Any], predicted: npt.NDArray[Any]) -> None:
    """Refuse raw outputs where labels are meant: fractions beside whole numbers."""
    if truth.dtype.kind == "U" or predicted.dtype.kind == "U":
        return
    fractions = predicted[predicted != np.round(predicted)]
    if len(fractions) and (truth == np.round(truth)).all():
        raise InvalidValue(
            f"predicted holds {fractions[0]:g}, a raw output. Draw classes: for labels 0 and 1, (Y > 0.5).astype(int)."
        )


def choose_classes(labels: npt.NDArray[Any], n_regions: int | None = None) -> tuple[object, ...]:
    """Return the class labels in order: 0 and 1, −1 and +1, 0 … K−1, or else those that occur.

    >>> choose_classes(np.array([1, 1])), choose_classes(np.array([-1, -1])), choose_classes(np.array([0, 2]))
    ((0, 1), (-1, 1), (0, 1, 2))
    """
    occurring: list[Any] = np.unique(labels).tolist()
    from_zero = int(occurring[-1]) + 1 if 0 in occurring and occurring[-1] < 20 else 0
    for known in ((0, 1), (-1, 1), tuple(range(n_regions or from_zero))):
        if set(occurring) <= set(known) and n_regions in (None, len(known)):
            return known
    if n_regions not in (None, len(occurring)):
        raise InvalidValue(
            f"The decision function tells {n_regions} classes apart and the labels are {_listed(occurring)}. "
            f"Name the {n_regions} classes in order: classes=(…)."
        )
    return tuple(occurring)


def number_classes(
    labels: npt.NDArray[Any], classes: Sequence[object] | None, n_regions: int | None = None
) -> tuple[npt.NDArray[np.intp], tuple[object, ...]]:
    """Return the number of each label's class, shape (n_samples,), and the classes in order."""
    if classes is None:
        classes = choose_classes(labels, n_regions)
    if n_regions not in (None, len(classes)):
        raise InvalidValue(f"The decision function tells {n_regions} classes apart, classes names {len(classes)}.")
    matches = labels[:, np.newaxis] == np.asarray(classes)  # (n_samples, n_classes)
    if not (known := matches.any(axis=1)).all():
        raise InvalidValue(f"The label {_name(labels[~known][0])} is none of the classes {_listed(classes)}.")
    return matches.argmax(axis=1), tuple(classes)


def number_both(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, n_samples: int, classes: Sequence[object] | None
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], tuple[object, ...]]:
    """Return the class number of each true and of each predicted label, shape (n_samples,), and the classes."""
    labels = as_labels("truth", truth, n_samples), as_labels("predicted", predicted, n_samples)
    _check_thresholded(*labels)
    numbers, known = number_classes(np.concatenate(labels), classes)
    return numbers[:n_samples], numbers[n_samples:], known


def as_extent(extent: Sequence[float] | None, points: Array) -> Extent:
    """Return the window (left, right, bottom, top): the given one, or the data and a margin."""
    if extent is None:
        low, high = points.min(axis=0), points.max(axis=0)
        pad = np.where(high > low, MARGIN * (high - low), np.maximum(1.0, MARGIN * np.abs(high)))
        (left, bottom), (right, top) = (low - pad).tolist(), (high + pad).tolist()
    else:
        sides = as_array("extent", extent, np.float64)
        if sides.shape != (4,) or not np.isfinite(sides).all() or sides[0] >= sides[1] or sides[2] >= sides[3]:
            wanted = "(left, right, bottom, top) with left < right and bottom < top"
            raise InvalidValue(f"extent must be {wanted}, got {extent!r}.")
        left, right, bottom, top = sides.tolist()
    return left, right, bottom, top


def class_name(label: object) -> str:
    """Name a class in a legend: "class 1" for a number, a string as it is."""
    return label if isinstance(label, str) else f"class {_name(label)}"


def _name(label: object) -> str:
    return repr(str(label)) if isinstance(label, str) else f"{label:g}".replace("-", "−")


def _listed(labels: Sequence[object]) -> str:
    return ", ".join(map(_name, labels[:10])) + (", …" if len(labels) > 10 else "")
