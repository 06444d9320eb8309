"""In the middle of an epoch: how far a training on a cluster has come, kept beside the estimator as the epoch began."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.errors import InvalidFile
from chainrule.files.atomic import write_whole
from chainrule.training.averaging import Average

if TYPE_CHECKING:
    from pathlib import Path

    from chainrule.maths.arrays import Array
    from chainrule.training.keeping import KeepsTraining

STEP = "step.npz"


class MidEpoch(NamedTuple):
    """Where an epoch stands: its number, rounds made, Σ rows · loss so far, theta, the optimizer's state, its mean."""

    epoch: int
    rounds: int
    updates: int
    told: float
    theta: Array
    state: Any
    average: Average | None


class KeptRounds:
    """What keeps a training on a cluster: every epoch, and every so many rounds; nothing without a checkpoint."""

    def __init__(self, checkpoint: KeepsTraining | None, every: int) -> None:
        self.checkpoint, self.every = checkpoint, every
        self._written = ""

    def epoch(self, mlp: Any) -> bool:
        """Write the estimator between two epochs; it does not stop."""
        if self.checkpoint is not None:
            self.checkpoint.keep(mlp)
            self._written = f"epoch {mlp.n_iter_ + 1} as it began"
        return False

    def rounds(self, step: MidEpoch) -> None:
        """Write how far an epoch has come, where it is time."""
        if self.checkpoint is None or step.rounds % self.every:
            return
        state = step.state if isinstance(step.state, tuple) else (step.state,)
        parts = {f"state{i}": part for i, part in enumerate(state) if part is not None}
        if step.average is not None:
            parts |= {"average": step.average.theta, "count": np.array(step.average.count)}
        file = io.BytesIO()
        np.savez(file, counts=np.array([step.epoch, step.rounds, step.updates]), told=np.array(step.told),
                 theta=step.theta, **parts)  # fmt: skip
        write_whole(self.checkpoint.folder / STEP, file.getvalue())
        self._written = f"epoch {step.epoch + 1} after {step.rounds} rounds"

    def begun(self, mlp: Any) -> MidEpoch | None:
        """Return how far the epoch came in which an estimator stands, if that was written."""
        if self.checkpoint is None or mlp._memory is None:  # it begins
            return None
        step = _read_step(self.checkpoint.folder / STEP, mlp._memory.state)
        return step if step is not None and step.epoch == mlp.n_iter_ else None

    @property
    def advice(self) -> str:
        """What to do where a training broke off."""
        if self.checkpoint is None:
            return "There is no checkpoint: with checkpoint=chainrule.Checkpoint('folder') fit goes on where it was."
        folder = self.checkpoint.folder
        if not self._written:
            return f"Nothing was written into {folder} yet."
        return f"{folder} holds {self._written}: call fit again, as it was, to go on from there."


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
