"""Checkpoints: a training in a folder, from which it goes on to the bit after whatever ended it."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidFile, InvalidValue, check_path
from chainrule.files.atomic import told as told_errors
from chainrule.files.atomic import write_whole
from chainrule.files.locks import lock
from chainrule.maths.activations import Activation
from chainrule.maths.initializers import Initializer
from chainrule.maths.loss import Loss
from chainrule.models.model_file import check_savable, load, read_run, save, save_run
from chainrule.models.network_description import describe
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chainrule.maths.arrays import Array

SETTINGS, EPOCH, SEARCH, LOCK = "settings.json", "epoch.safetensors", "search.json", "lock"
OTHER_DATA = "its data were others, or read with another memory=, or their files have changed since"


class Checkpoint:
    """A folder in which a training is kept after every epoch, and from which the same call goes on, to the bit.

    ``fit`` and ``train`` of a Stream take one, and so do :func:`chainrule.scale.fit` and
    :class:`chainrule.scale.HalvingSearch`. ``epoch.safetensors`` in it is the estimator, or the network, as its last
    epoch left it: :func:`chainrule.load` reads it at any time. Every file is replaced in one move, so that a training
    that ends while it writes, or finds the disk full, leaves the one before. While a training is kept there no other
    can be.

    Parameters
    ----------
    folder : path
        It is made where it is missing. A training has a folder of its own.

    Raises
    ------
    InvalidValue
        Of what trains: where the folder belongs to a training on other data or with other parameters. Only how long it
        may train (``max_iter``, ``max_epochs``), ``verbose`` and ``engine`` may be another.
    InvalidFile
        Of what trains: where another training is kept there at this time, or nothing can be written there.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from chainrule import MLPRegressor, stream
    >>> X, checkpoint = np.arange(20.0).reshape(10, 2) / 20, Checkpoint(tempfile.mkdtemp())
    >>> data = stream(X, X.sum(axis=1))
    >>> reg = MLPRegressor("squared_error", (3,), max_iter=500, tol=0.01, n_iter_no_change=3, random_state=0)
    >>> reg.set_callbacks(lambda reg: reg.n_iter_ == 2).fit(data, checkpoint=checkpoint).n_iter_
    2
    >>> reg.set_callbacks().fit(data, checkpoint=checkpoint).n_iter_ > 2
    True
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        check_path(folder, "folder")
        self.folder = Path(folder)

    def __repr__(self) -> str:
        """Say where it is."""
        return f"Checkpoint({str(self.folder)!r})"

    @contextmanager
    def begun(self, settings: Mapping[str, Any]) -> Iterator[None]:
        """Let nobody else train here, nor another training go on here than the one by these settings."""
        if self.folder.exists() and not self.folder.is_dir():
            raise InvalidFile(f"{self.folder} is a file, and a checkpoint is a folder. Choose another name.")
        with self._alone():
            here, path = {name: as_told(value) for name, value in settings.items()}, self.folder / SETTINGS
            if any((self.folder / name).exists() for name in (EPOCH, SEARCH)):  # something was kept
                _check_same(self.folder, read_json(path), here)
            else:
                write_whole(path, json.dumps(here, indent=1))
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder's lock, which the system opens when this process ends, however it does."""
        path = self.folder / LOCK
        with told_errors(path):
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not lock(descriptor):
                raise InvalidFile(
                    f"Another training is kept in {self.folder} at this time. Wait for its end, or choose another "
                    "folder."
                )
            yield
        finally:
            os.close(descriptor)

    def check(self, what: Any) -> None:
        """Refuse, before anything is trained, an estimator or the state of a run that no file keeps."""
        check_savable(what)

    def estimator(self, like: Any) -> Any | None:
        """Return the estimator that was kept last, if one was; parts of your own are those of ``like``."""
        path = self.folder / EPOCH
        return load(path, own=parts_in(like.get_params(deep=False))) if path.exists() else None

    def keep(self, mlp: Any) -> None:
        """Keep an estimator as it is."""
        save(self.folder / EPOCH, mlp)

    def run(self) -> dict[str, Any] | None:
        """Return the state of a run that was kept last, if one was."""
        path = self.folder / EPOCH
        return read_run(path) if path.exists() else None

    def keep_run(self, net: Network, theta: Array, state: dict[str, Any]) -> None:
        """Keep a network, where it stands, and the state of its run."""
        save_run(self.folder / EPOCH, net, theta, state)


def as_told(value: Any) -> str:
    """Tell a setting in words that are the same in any process.

    Of a generator its kind, for it has drawn numbers since; of a part of a network its name; of all else its repr.
    """
    if isinstance(value, np.random.RandomState | np.random.Generator):
        return type(value).__name__
    if isinstance(value, Activation | Loss | Initializer):
        return f"{type(value).__name__} {value.name!r}"
    if isinstance(value, Network):
        return json.dumps(describe(value))
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(as_told, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{as_told(key)}: {as_told(one)}' for key, one in value.items())}}}"
    return repr(value)


def parts_in(value: Any) -> list[Any]:
    """Return the parts of networks that stand in parameters, in lists of them, or in several of these.

    >>> parts_in({"alpha": 0.1, "activation": ["relu", Activation("own", abs, abs)]})[0].name
    'own'
    """
    if isinstance(value, Activation | Loss | Initializer):
        return [value]
    several = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [part for one in several for part in parts_in(one)]


def read_json(path: Path) -> dict[str, Any]:
    """Read what stands in a checkpoint as JSON.

    Raises
    ------
    InvalidFile
        Where it is none.
    """
    found: Any = None
    with suppress(ValueError, FileNotFoundError):
        found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise InvalidFile(f"{path} is damaged: it holds no settings. Choose another folder for the checkpoints.")
    return found


def _check_same(folder: Path, there: Mapping[str, str], here: Mapping[str, str]) -> None:
    """Refuse to go on with a training under other settings, which would be neither the one nor the other."""
    differing = [name for name in here if there.get(name) != here[name]]
    if differing:
        name = differing[0]
        what = OTHER_DATA if name == "data" else f"{name} is {there.get(name)} there, and {here[name]} here"
        raise InvalidValue(
            f"The checkpoint in {folder} is of another training: {what}. Choose another folder, or remove that one."
        )
