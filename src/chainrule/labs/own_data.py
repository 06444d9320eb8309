"""What all labs do with the user's own points."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule import datasets
from chainrule.errors import InvalidValue
from chainrule.labs.settings import Setting, idle_without_data, number, or_none

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator

TEST_SIZE = Setting(
    "test_size",
    0.3,
    "share of --data held out for testing, or none",
    or_none(number(above=0, below=1)),
    idle_without_data,
)


def course_data(sets: Sequence[Sequence[str]], data: Any) -> Any:
    """Return the course's own files where ``data`` is a folder that holds a set of them, else ``data``.

    Raises
    ------
    InvalidValue
        Where a folder holds none of the sets, or several.
    """
    if not isinstance(data, str | PathLike) or not Path(data).is_dir():
        return data
    there = [files for files in sets if all((Path(data) / name).is_file() for name in files)]
    if len(there) == 1:
        return [Path(data) / name for name in there[0]]
    known = "; ".join(", ".join(files) for files in (there or sets))
    if there:
        raise InvalidValue(f"In {data} lie the files of several exercises: {known}. Name those of one with --data.")
    wanted = f"the course's files ({known})" if known else "a file: this lab knows no course's files"
    raise InvalidValue(f"{data} is a folder, and what is looked for is {wanted}. Name your files with --data.")


def hold_out(
    X: Array, T: Any, test_size: float | None, generator: Generator
) -> tuple[Array, Any, tuple[Array, Any] | None]:
    """Split off a share of the samples for testing.

    Parameters
    ----------
    X : array (n_samples, n_features)
    T : array (n_samples,) or (n_samples, n_outputs)
    test_size : float, 0 < test_size < 1, or None
        The share; None holds nothing out.
    generator : NumPy generator
        What shuffles.

    Returns
    -------
    X, T : arrays
        The samples to train on.
    test : pair of arrays, or None
        The samples held out.

    Raises
    ------
    InvalidValue
        Where too few samples would be left.

    Examples
    --------
    >>> import numpy as np
    >>> X, T, test = hold_out(np.eye(10), np.arange(10), 0.3, np.random.RandomState(0))
    >>> X.shape, test[0].shape
    ((7, 10), (3, 10))
    """
    if test_size is None:
        return X, T, None
    X_train, X_test, T_train, T_test = datasets.train_test_split(X, T, test_size=test_size, random_state=generator)
    return X_train, T_train, (X_test, T_test)
