"""Training checkpoints: a folder with the estimator as its epoch began, and how far this epoch has come."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.errors import InvalidFile, InvalidValue
from chainrule.files.atomic import write_whole
from chainrule.models.model_file import load, save
from chainrule.training.averaging import Average

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from chainrule.maths.arrays import Array

SETTINGS, EPOCH, STEP, MODEL = "settings.json", "epoch.safetensors", "step.npz", "model.safetensors"


class MidEpoch(NamedTuple):
    """Where an epoch stands: its number, rounds made, Σ rows · loss so far, theta, the optimizer's state, its mean."""

    epoch: int
    rounds: int
    updates: int
    told: float
    theta: Array
    state: Any
    average: Average | None


class TrainingCheckpoint:
    """The checkpoints of one training, in a folder; nothing is written where there is none.

    ``epoch.safetensors`` is an estimator as :func:`chainrule.save` writes it, so that the model of the epoch before can
    be had at any time. Each file appears whole or not at all: a client that dies leaves the last one.
    """

    def __init__(self, folder: str | os.PathLike[str] | None, every: int, settings: Mapping[str, Any]) -> None:
        self.folder = None if folder is None else Path(folder)
        self.every = every
        self._written = ""
        if self.folder is None:
            return
        told = {name: repr(value) for name, value in settings.items()}
        path = self.folder / SETTINGS
        with suppress(FileNotFoundError):
            check_same(self.folder, read_settings(path), told)
        write_whole(path, json.dumps(told, indent=1))

    def finished(self) -> Any | None:
        """Return the estimator whose training was finished here, if one was."""
        return self._loaded(MODEL)

    def begun(self) -> tuple[Any, MidEpoch | None] | None:
        """Return the estimator as its last epoch began, and how far that came."""
        mlp = self._loaded(EPOCH)
        if mlp is None:
            return None
        step = _read_step(self.folder / STEP, mlp._memory.state)  # type: ignore[operator]
        return mlp, step if step is not None and step.epoch == mlp.n_iter_ else None

    def _loaded(self, name: str) -> Any | None:
        path = None if self.folder is None else self.folder / name
        return load(path) if path is not None and path.exists() else None

    def begin_epoch(self, mlp: Any) -> None:
        """Write the estimator as an epoch begins."""
        self._write(EPOCH, mlp, f"epoch {mlp.n_iter_ + 1} as it began")

    def rounds(self, step: MidEpoch) -> None:
        """Write how far an epoch has come, where it is time."""
        if self.folder is None or step.rounds % self.every:
            return
        state = step.state if isinstance(step.state, tuple) else (step.state,)
        parts = {f"state{i}": part for i, part in enumerate(state) if part is not None}
        if step.average is not None:
            parts |= {"average": step.average.theta, "count": np.array(step.average.count)}
        file = io.BytesIO()
        np.savez(file, counts=np.array([step.epoch, step.rounds, step.updates]), told=np.array(step.told),
                 theta=step.theta, **parts)  # fmt: skip
        write_whole(self.folder / STEP, file.getvalue())
        self._written = f"epoch {step.epoch + 1} after {step.rounds} rounds"

    def finish(self, mlp: Any) -> None:
        """Write the estimator that the training ended with, and remove what led there."""
        self._write(MODEL, mlp, "the finished estimator")
        if self.folder is not None:
            for name in (EPOCH, STEP):
                (self.folder / name).unlink(missing_ok=True)

    def _write(self, name: str, mlp: Any, what: str) -> None:
        if self.folder is not None:
            save(self.folder / name, mlp)
            self._written = what

    @property
    def advice(self) -> str:
        """What to do where a training broke off."""
        if self.folder is None:
            return "There is no checkpoint: with checkpoint='folder', fit goes on where it was."
        if not self._written:
            return f"Nothing was written into {self.folder} yet."
        return f"{self.folder} holds {self._written}: call fit again, as it was, to go on from there."


def read_settings(path: Path) -> dict[str, Any]:
    """Read a checkpoint's JSON.

    Raises
    ------
    InvalidFile
        Where it is none.
    """
    settings: Any = None
    with suppress(ValueError):
        settings = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(settings, dict):
        raise InvalidFile(f"{path} is damaged: it holds no settings. Choose another folder for the checkpoints.")
    return settings


def check_same(folder: Path, there: Mapping[str, str], here: Mapping[str, str]) -> None:
    """Refuse to go on with a training under other settings, which would be neither the one nor the other."""
    differing = [name for name in here if there.get(name) != here[name]]
    if differing:
        name = differing[0]
        raise InvalidValue(
            f"The checkpoints in {folder} are of another training: {name} is {there.get(name)} there, and {here[name]} "
            "here. Choose another folder, or remove that one."
        )


def _read_step(path: Path, like: Any) -> MidEpoch | None:
    """Read how far an epoch came; the optimizer's state has the form of ``like``."""
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            parts = {name: file[name] for name in file.files}
        epoch, rounds, updates = parts["counts"].tolist()
        many = like if isinstance(like, tuple) else (like,)
        state = [None if part is None else _as(part, parts[f"state{i}"]) for i, part in enumerate(many)]
        average = Average(parts["average"], int(parts["count"])) if "average" in parts else None
        return MidEpoch(epoch, rounds, updates, float(parts["told"]), parts["theta"],
                        tuple(state) if isinstance(like, tuple) else state[0], average)  # fmt: skip
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise InvalidFile(f"{path} is damaged ({error}). Remove it: the epoch begins anew.") from error


def _as(like: Any, part: Array) -> Any:
    return int(part) if isinstance(like, int) else part
