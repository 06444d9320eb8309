"""The split: some samples are kept back, so that a network is tested on what it has not seen."""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from chainrule.errors import InvalidValue, check_count, check_number
from chainrule.network.inputs import as_generator

if TYPE_CHECKING:
    from chainrule.network.inputs import RandomStateLike


def train_test_split(
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    *,
    test_size: float = 0.25,
    random_state: RandomStateLike = None,
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Draw ⌈test_size · n⌉ of the n samples for the test; the others are for training.

    Parameters
    ----------
    X, T
        Anything that NumPy makes an array of, one entry of the first axis a sample.
    test_size
        A float is the share of the test, between 0 and 1; an int is its number of samples.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X_train, X_test, T_train, T_test
        Copies in the drawn order, their dtypes kept.

    Raises
    ------
    InvalidValue
        Where X and T differ in length, or one of the two parts would be empty.

    Notes
    -----
    The samples, in the order, of scikit-learn's ``train_test_split``, which S3 uses. It returns arrays for
    lists and data frames too.

    Examples
    --------
    >>> X_train, X_test, T_train, T_test = train_test_split([[1], [2], [3], [4]], [0, 0, 1, 1], random_state=0)
    >>> X_train.ravel(), X_test.ravel(), T_train, T_test
    (array([4, 2, 1]), array([3]), array([1, 0, 0]), array([1]))
    """
    inputs, targets = _samples("X", X), _samples("T", T)
    n = len(inputs)
    if n != len(targets):
        raise InvalidValue(f"X has {n} rows and T has {len(targets)}: each sample needs one target.")
    n_test = _test_count(test_size, n)
    order = as_generator(random_state).permutation(n)
    test, train = order[:n_test], order[n_test:]
    return inputs[train], inputs[test], targets[train], targets[test]


def _samples(name: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return ``values`` as an array with a first axis to split."""
    try:
        array: npt.NDArray[Any] = np.asarray(values)
    except ValueError:
        raise InvalidValue(f"{name} must be an array; its rows have different lengths.") from None
    if array.ndim == 0:
        hint = " Call .toarray() on a sparse matrix." if hasattr(values, "toarray") else ""
        raise InvalidValue(f"{name} must have one entry per sample, got {type(values).__name__}.{hint}")
    return array


def _test_count(test_size: float, n: int) -> int:
    """How many of n samples are for the test, at least one and not all."""
    if n < 2:
        raise InvalidValue(f"A split needs at least 2 samples, got {n}.")
    if isinstance(test_size, numbers.Integral):
        n_test = check_count("test_size", test_size)
    else:
        n_test = math.ceil(check_number("test_size", test_size, above=0, below=1) * n)
    if n_test >= n:
        raise InvalidValue(
            f"test_size={test_size!r} takes all of the {n} samples and leaves none for training. Choose a smaller one."
        )
    return n_test
