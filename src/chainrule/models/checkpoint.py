"""Checkpoints: a training in a file, from which it goes on to the bit after whatever ended it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.models.model_file import load, save

if TYPE_CHECKING:
    import os

FREE = ("max_iter", "verbose", "engine")  # what may be another when it goes on


class Checkpoint:
    """A file in which a training on a Stream is kept after every epoch, and from which ``fit`` goes on.

    The file holds the estimator as :func:`chainrule.save` writes it. It is replaced in one move, so that one that ends
    while it writes, or finds the disk full, leaves the one before.

    Parameters
    ----------
    path : path
        Where it goes, its suffix ``.safetensors``; missing folders are made.

    Raises
    ------
    InvalidValue
        By ``fit``, where the file belongs to a training on other data or with other parameters.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from chainrule import MLPRegressor, stream
    >>> X, path = np.arange(20.0).reshape(10, 2) / 20, f"{tempfile.mkdtemp()}/run.safetensors"
    >>> data = stream(X, X.sum(axis=1))
    >>> reg = MLPRegressor("squared_error", (3,), max_iter=500, tol=0.01, n_iter_no_change=3, random_state=0)
    >>> reg.set_callbacks(lambda reg: reg.n_iter_ == 2).fit(data, checkpoint=Checkpoint(path)).n_iter_
    2
    >>> reg.set_callbacks().fit(data, checkpoint=Checkpoint(path)).n_iter_ > 2
    True
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def resume(self, mlp: Any, fingerprint: str) -> int:
        """Let an estimator stand where it was kept, and return how many epochs it had trained; 0 for a new one."""
        if not self.path.exists():
            return 0
        kept = load(self.path)
        if type(kept) is not type(mlp):
            raise InvalidValue(f"{self.path} holds a {type(kept).__name__}, and this is a {type(mlp).__name__}.")
        mine, its = mlp.get_params(), kept.get_params()
        free = FREE if isinstance(mlp.learning_rate, str) else FREE[1:]  # a schedule is made for max_iter epochs
        others = [name for name in mine if name not in free and _told(mine[name]) != _told(its[name])]
        if others:
            name = others[0]
            raise InvalidValue(
                f"{self.path} was trained with {name}={its[name]!r}, and this has {mine[name]!r}. Set it as it was, or "
                "choose another file."
            )
        if kept._memory is None or kept._memory.data != fingerprint:
            raise InvalidValue(
                f"{self.path} was trained on other data, or with another memory=, or the files have changed since. "
                "Choose another file, or remove this one."
            )
        vars(mlp).update({name: value for name, value in vars(kept).items() if name not in mine})
        return int(mlp.n_iter_)

    def keep(self, mlp: Any) -> None:
        """Keep an estimator as it is."""
        save(self.path, mlp)


def _told(value: Any) -> str:
    """Tell a parameter; a generator by its kind, for it has drawn numbers since, and the file keeps where it stood."""
    return type(value).__name__ if isinstance(value, np.random.RandomState) else repr(value)
