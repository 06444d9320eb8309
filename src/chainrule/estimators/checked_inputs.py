"""Inputs: X and y as scikit-learn checks them, and the sentences for what it lets through or says without a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.utils.validation import validate_data

from chainrule.errors import InvalidValue
from chainrule.maths.arrays import masked_places
from chainrule.network.inputs import total_weight
from chainrule.streams.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.maths.arrays import Array

ALIKE = 20  # letters, by which NumPy's reason is Python's
ABOUT_CELLS = ("setting an array element", "dtype='numeric' is not compatible")  # NumPy's and scikit-learn's errors
ENCODE = "Encode it as numbers, for example with sklearn.preprocessing.OneHotEncoder."


class InvalidType(InvalidValue, TypeError):
    """Values of a kind that no number can be made of: what scikit-learn and NumPy answer with a TypeError."""


def validated(mlp: Any, X: Any, y: Any = "no_validation", *, names: tuple[str, str] = ("X", "y"), **how: Any) -> Any:
    """Return what scikit-learn's ``validate_data`` does; where it fails at a cell of X, say which one.

    Masked entries, dates and text in the place of numbers are refused: their masks and units would be ignored.
    """
    if isinstance(X, Stream):
        raise InvalidType(
            f"{names[0]} is a Stream, which fit, predict and score read, and this does not: pass arrays, piece by "
            "piece, as docs/scale.md shows."
        )
    refuse_masked(names[0], X)
    refuse_masked(names[1], y)
    if type(X).__name__ == "LazyFrame":  # polars'
        raise InvalidType(f"{names[0]} is a LazyFrame, which has no values yet: pass {names[0]}.collect().")
    for place, values in columns(X):
        if is_dates(values):
            raise InvalidType(
                f"{names[0]} has dates or times in {place}. Turn them into numbers, such as days since a start."
            )
    try:
        return validate_data(mlp, X, y, accept_sparse=["csr", "csc"], **how)
    except (ValueError, TypeError, OverflowError) as error:
        raise (_at_a_cell(names[0], X, error) or error) from None


def _at_a_cell(name: str, X: Any, error: Exception) -> Exception | None:
    """Return scikit-learn's error with the place of the first cell that is no number, if it is about one."""
    said = str(error).rstrip(".")
    for place, values in columns(X):
        for row, value in enumerate(values):
            reason = not_a_number(value)
            if reason is not None and (reason[:ALIKE] == said[:ALIKE] or said.startswith(ABOUT_CELLS)):
                kind = InvalidType if isinstance(error, TypeError) else InvalidValue
                hint = ENCODE if isinstance(value, str | bytes) else "Every cell must be one number."
                return kind(f"{said}. {name} has {short(value)} in row {row} of {place}. {hint}")
    return None


def not_a_number(value: Any) -> str | None:
    """Say why no float can be made of a value; None where one can."""
    try:
        float(value)
    except (ValueError, TypeError, OverflowError) as reason:
        return str(reason)
    return None


def short(value: Any) -> str:
    """Write a value so that it fits into a sentence."""
    text = repr(str(value)) if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:40]}… ({len(text)} characters)"


def columns(X: Any) -> Iterator[tuple[str, Any]]:
    """Go through the columns of a frame or a table that may hold something else than numbers, with their names."""
    if hasattr(X, "columns") and hasattr(X, "dtypes"):  # pandas, polars
        for number, name in enumerate(X.columns):
            values = X.iloc[:, number] if hasattr(X, "iloc") else X[name]
            if not is_numeric(values):
                yield f"column {name!r}", np.asarray(values)
    elif not sparse.issparse(X) and not is_numeric(X):
        table = as_table(X)
        if table is not None and table.ndim == 2 and not is_numeric(table):
            yield from ((f"column {number}", table[:, number]) for number in range(table.shape[1]))


def is_numeric(values: Any) -> bool:
    """Whether the dtype says that there are numbers, truth values or nothing known."""
    kind = getattr(getattr(values, "dtype", None), "kind", None)
    return kind is not None and kind in "biufc"


def as_table(X: Any) -> Any:
    """Return rows as an array, or None where NumPy cannot."""
    try:
        return np.asarray(X, dtype=None if hasattr(X, "dtype") else object)
    except Exception:  # a container of your own may fail in any way: scikit-learn then says how
        return None


def is_dates(values: Array) -> bool:
    """Whether values are dates, times or spans of time."""
    if values.dtype.kind == "O" and values.size:
        return isinstance(values.flat[0], dt.date | dt.time | dt.timedelta | np.datetime64)
    return values.dtype.kind in "mM"


def refuse_masked(name: str, values: Any) -> None:
    """Refuse an array some of whose entries are masked: no formula here would leave them out."""
    if len(places := masked_places(values)):
        first = ", ".join(map(str, places[0].tolist()))
        raise InvalidValue(
            f"{name} is a masked array, and {len(places)} of its entries are masked, the first at [{first}]. Fill "
            "them (numpy.ma.filled, then sklearn.impute.SimpleImputer) or leave their rows out."
        )


def numeric_targets(name: str, y: Any) -> Any:
    """Refuse targets of a regression that are text, dates or spans of time, though NumPy makes numbers of them."""
    if sparse.issparse(y):
        raise InvalidType(f"{name} must be dense for a regression, got a sparse {name}: pass {name}.toarray().")
    array = as_table(y)
    if array is None or array.ndim == 0 or is_numeric(array):
        return y
    if is_dates(array):
        raise InvalidType(
            f"{name} must be numbers for a regression, got dates or times ({array.dtype}). Turn them into numbers, "
            f"such as days since a start: ({name} - start) / numpy.timedelta64(1, 'D')."
        )
    for row, one in enumerate(array.flat):
        if isinstance(one, str | bytes):
            raise InvalidType(
                f"{name} must be numbers for a regression, got text: {short(one)} in row {row}. Convert it, "
                f"{name}.astype(float), or use MLPClassifier for classes."
            )
        if one is None:
            raise InvalidValue(f"Input {name} contains NaN.")  # as scikit-learn says of missing numbers
        if np.ndim(one) == 0 and (reason := not_a_number(one)) is not None:
            raise InvalidType(f"{name} must be numbers for a regression, got {short(one)} in row {row}: {reason}.")
    return y


def hidden_sizes(given: Any) -> list[int]:
    """Return the sizes of hidden layers: a whole number ≥ 1, or a list, a tuple, a range or an array of them."""
    sizes = given.tolist() if isinstance(given, np.ndarray) else given
    sizes = list(sizes) if isinstance(sizes, Iterable) and not isinstance(sizes, str | bytes) else [sizes]
    wrong = [size for size in sizes if not isinstance(size, Integral) or isinstance(size, bool)]
    unordered = isinstance(given, dict | set | frozenset)
    if wrong or unordered:
        what = "it has no order" if unordered else f"{short(wrong[0])} is no whole number"
        raise InvalidType(
            "hidden_layer_sizes must be one whole number for each hidden layer, such as (100,) or (50, 20), or () for "
            f"none. Got {short(given)}: {what}."
        )
    if any(size <= 0 for size in sizes):
        raise InvalidValue(f"hidden_layer_sizes must be > 0, got {sizes}.")
    return [int(size) for size in sizes]


def weighable(weights: Array | None) -> Array | None:
    """Refuse weights of samples all of which are 0, or whose sum is no number that one can divide by."""
    if weights is None:
        return None
    if not np.any(weights):
        raise InvalidValue("All samples weigh 0 by class_weight and sample_weight: give some class a weight.")
    total, size = total_weight(weights), total_weight(np.abs(weights))
    if not np.finfo(np.float64).tiny <= abs(total) or abs(total) <= 1e-14 * size:
        raise InvalidValue(
            f"The weights of the samples sum to {total:g}, by which nothing can be divided. Scale them, only their "
            "ratios matter, and let them not cancel."
        )
    return weights


def refuse_too_large(**arrays: Any) -> None:
    """Refuse numbers whose squares overflow, as what made the first epoch fail; scikit-learn's sentence, and which."""
    for name, array in arrays.items():
        values = array.data if sparse.issparse(array) else array
        largest = float(np.abs(values).max()) if values.size else 0.0
        if not largest <= float(np.sqrt(np.finfo(values.dtype).max)):
            raise InvalidValue(
                f"Input {name} contains infinity or a value too large for {values.dtype!r}: the square of "
                f"{largest:.3g} overflows. Scale {name} (sklearn.preprocessing.StandardScaler)."
            )
