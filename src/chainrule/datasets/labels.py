"""Labels: the number of a class, as the row that a network with one output per class should give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue, check_count
from chainrule.network.inputs import as_array, check_finite

if TYPE_CHECKING:
    import numpy.typing as npt

MOST_CLASSES = 2**31


def one_hot(labels: npt.ArrayLike, n_classes: int | None = None) -> npt.NDArray[np.float64]:
    """T[i, k] = 1 where label i is k, and 0 elsewhere.

    Parameters
    ----------
    labels
        Whole numbers 0 to n_classes − 1, shape (n,); 1.0 is one too.
    n_classes
        How many columns; None takes the largest label + 1.

    Returns
    -------
    T
        Shape (n, n_classes), float64.

    Raises
    ------
    InvalidValue
        For labels that are no such numbers, are not in one row, or are none at all without ``n_classes``.

    Notes
    -----
    S1's targets of more than two classes. Words become numbers by ``np.unique(words, return_inverse=True)``.

    Examples
    --------
    >>> one_hot([0, 2, 1])
    array([[1., 0., 0.],
           [0., 0., 1.],
           [0., 1., 0.]])
    """
    limit = MOST_CLASSES if n_classes is None else check_count("n_classes", n_classes)
    array = as_array("labels", labels)
    if array.ndim != 1:
        hint = " Use labels.ravel()." if array.ndim == 2 and 1 in array.shape else ""
        raise InvalidValue(f"labels must have one dimension, (n,), got shape {array.shape}.{hint}")
    if array.size == 0 and n_classes is None:
        raise InvalidValue("labels are empty: pass n_classes, which cannot be seen from no labels.")
    check_finite("labels", array)
    wrong = np.flatnonzero((array != np.floor(array)) | (array < 0) | (array >= limit))
    if wrong.size:
        raise InvalidValue(
            f"labels must be whole numbers from 0 to {limit - 1}, got {array[wrong[0]]:g} at row {wrong[0]}."
        )
    columns = array.astype(np.intp)
    n_columns = int(columns.max()) + 1 if n_classes is None else limit
    T = np.zeros((len(columns), n_columns))
    T[np.arange(len(columns)), columns] = 1.0
    return T
