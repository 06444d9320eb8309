"""Returned values: whatever a function gives back, taken apart into arrays that can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.language.translation import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

Arrays: TypeAlias = "list[npt.NDArray[Any]]"

SAME = 1e-6  # relative: somebody's log(y + 1e-8) is no mistake
SHOWN = 4  # numbers told of an array
DIGITS = range(6, 18)


def parts(result: Any) -> list[Any]:
    """Take tuples, lists and dicts apart; a list of numbers stays one part.

    >>> parts({"b": 2.0, "W": ([1.0, 2.0], 3.0)})
    [[1.0, 2.0], 3.0, 2.0]
    """
    if isinstance(result, Mapping):
        return [part for name in sorted(result, key=str) for part in parts(result[name])]
    if isinstance(result, tuple) or (isinstance(result, list) and any(isinstance(one, np.ndarray) for one in result)):
        return [part for one in result for part in parts(one)]
    return [result]


def arrays_in(result: Any) -> Arrays:
    """Return the parts of a result as arrays."""
    return [array_of(part) for part in parts(result)]


def array_of(value: Any) -> npt.NDArray[Any]:
    """Return what was returned as an array; of objects where it is none of numbers."""
    try:
        return np.asarray(value)
    except ValueError:  # ragged
        return np.asarray(None)


def holds_numbers(array: npt.NDArray[Any]) -> bool:
    """Whether an array holds real numbers or truth values."""
    return array.dtype.kind in "biuf"


def kind_of(value: Any) -> str:
    """Say what something is that is no array of numbers.

    >>> kind_of("0.5"), kind_of({})
    ("str '0.5'", 'a dict')
    """
    kind = type(value).__name__
    return f"{kind} {str(value)[:30]!r}" if isinstance(value, str) else say("a {kind}", kind=kind)


def unchanged(one: Any, other: Any) -> bool:
    """Whether the arrays in two structures hold the same numbers."""
    pairs = list(zip(parts(one), parts(other), strict=False))
    return all(a is b or not isinstance(a, np.ndarray) or np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def same(came: npt.NDArray[Any], right: npt.NDArray[Any]) -> bool:
    """Whether two arrays of one size are finite and equal, relative to the largest right number."""
    if came.size != right.size:
        return False
    with np.errstate(all="ignore"):
        one, other = came.astype(np.float64).ravel(), right.astype(np.float64).ravel()
        limit = SAME * max(float(np.abs(other).max(initial=0.0)), 1e-12)
        return bool(np.isfinite(one).all() and (np.abs(one - other) <= limit).all())


def same_or_both_infinite(came: npt.NDArray[Any], other: npt.NDArray[Any]) -> bool:
    """Whether two arrays have one shape and the same numbers, infinities and NaN included."""
    if came.shape != other.shape and not came.size == other.size == 1:
        return False
    if not holds_numbers(came) or not holds_numbers(other):
        return False
    if np.isfinite(other.astype(np.float64)).all():
        return same(came, other)
    return bool(np.allclose(came.astype(np.float64).ravel(), other.astype(np.float64).ravel(), equal_nan=True))


def told_apart(came: float, right: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to see that they differ.

    >>> told_apart(0.25, -0.25), told_apart(1.0000001, 1.0000002)
    (('0.25', '-0.25'), ('1.0000001', '1.0000002'))
    """
    for digits in DIGITS:
        texts = f"{came:.{digits}g}", f"{right:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def shown(value: Any) -> str:
    """Write arguments or results briefly.

    >>> shown((1.5, np.zeros((9, 9))))
    '1.5, an array of shape (9, 9)'
    """
    if isinstance(value, tuple | list):
        texts = [shown(one) for one in value[:SHOWN]]
        return ", ".join(texts + (["…"] if len(value) > SHOWN else []))
    array = array_of(value)
    if not holds_numbers(array):
        return type(value).__name__
    if array.size > SHOWN:
        return say("an array of shape {shape}", shape=array.shape)
    if array.size == 1:
        return f"{array.item():.6g}"
    return " ".join(np.array2string(array, precision=6, separator=", ").split())


def are_few(arguments: Sequence[Any]) -> bool:
    """Whether all numbers of some arguments can be told."""
    arrays = arrays_in(tuple(arguments))
    return sum(array.size for array in arrays) <= SHOWN and all(map(holds_numbers, arrays))
