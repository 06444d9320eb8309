"""Keeping: what a training asks of the place where it is kept, from which it goes on after whatever ended it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from chainrule.maths.arrays import Array

    Settings = Mapping[str, Any]


class KeepsTraining(Protocol):
    """Where a training is kept: :class:`chainrule.Checkpoint`."""

    folder: Path

    def begun(self, settings: Settings) -> AbstractContextManager[None]:
        """Let nobody else train here, nor another training go on here than the one by these settings."""

    def check(self, what: Any) -> None:
        """Refuse, before anything is trained, an estimator or the state of a run that no file keeps."""

    def estimator(self, like: Any) -> Any | None:
        """Return the estimator that was kept last, if one was; parts of your own are those of ``like``."""

    def keep(self, mlp: Any) -> None:
        """Keep an estimator as it is."""

    def run(self) -> dict[str, Any] | None:
        """Return the state of a run that was kept last, if one was."""

    def keep_run(self, net: Any, theta: Array, state: dict[str, Any]) -> None:
        """Keep a network, where it stands, and the state of its run."""


def kept_in(checkpoint: KeepsTraining | None, settings: Callable[[], Settings]) -> AbstractContextManager[None]:
    """Begin a training that is kept, or one that is not; its settings are asked for where they are compared."""
    return nullcontext() if checkpoint is None else checkpoint.begun(settings())


def check_checkpoint(checkpoint: object) -> None:
    """Refuse what is no place to keep a training in, with the words that make one of a path."""
    if checkpoint is not None and not hasattr(checkpoint, "begun"):
        shown = str(checkpoint) if isinstance(checkpoint, str) or hasattr(checkpoint, "__fspath__") else "folder"
        raise InvalidValue(
            f"checkpoint must be a Checkpoint, got a {type(checkpoint).__name__}: "
            f"checkpoint=chainrule.Checkpoint({shown!r})."
        )
