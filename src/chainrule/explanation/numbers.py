"""Numbers: the values of a step beside its formula, long ones shortened, and the shortening said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

SHOWN = 5  # rows and columns of a matrix written out; of a longer one the first three and the last
DIGITS = 4


def number(value: float) -> str:
    r"""Write a number with four digits.

    >>> number(0.123456), number(-2.0), number(1.5e-7), number(float("inf"))
    ('0.1235', '-2', '1.5 \\cdot 10^{-7}', '\\infty')
    """
    if not np.isfinite(value):
        return r"\text{NaN}" if np.isnan(value) else r"\infty" if value > 0 else r"-\infty"
    mantissa, _, exponent = f"{value + 0.0:.{DIGITS}g}".partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def places(length: int) -> list[int | None]:
    """Return which of so many are written, None where some are left out.

    >>> places(3), places(100)
    ([0, 1, 2], [0, 1, 2, None, 99])
    """
    return list(range(length)) if length <= SHOWN else [0, 1, 2, None, length - 1]


def as_matrix(value: npt.ArrayLike, columns: bool, *, per_sample: bool = False) -> npt.NDArray[Any]:
    """Return a value as the matrix it is written as: a vector is a row, or a column; one entry a sample the other."""
    array = np.asarray(value)
    if array.ndim == 1:
        array = array[:, np.newaxis] if per_sample else array[np.newaxis, :]
    return array.T if columns else array


def matrix(array: npt.NDArray[Any]) -> str:
    r"""Write a matrix, long ones with dots.

    >>> matrix(np.array([[1.0, 2.0]]))
    '\\begin{bmatrix} 1 & 2 \\end{bmatrix}'
    """
    rows = r" \\ ".join(_row(array, row) for row in places(array.shape[0]))
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def _row(array: npt.NDArray[Any], row: int | None) -> str:
    columns = places(array.shape[1])
    if row is None:
        return " & ".join(r"\vdots" if column is not None else r"\ddots" for column in columns)
    return " & ".join(r"\cdots" if column is None else number(array[row, column]) for column in columns)


def left_out(array: npt.NDArray[Any]) -> str:
    """Say which entries of a matrix were written, where not all.

    >>> left_out(np.zeros((2, 2))), left_out(np.zeros((21, 2)))
    ('', 'written: rows 1–3 and 21 of 21')
    """
    parts = [
        f"{name} 1–3 and {length} of {length}"
        for name, length in zip(("rows", "columns"), array.shape, strict=True)
        if length > SHOWN
    ]
    return "written: " + ", ".join(parts) if parts else ""
