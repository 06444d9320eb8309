"""Run: what training returns. Epoch: what it shows while it works."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chainrule.maths.arrays import Array

Status: TypeAlias = Literal["converged", "max_epochs", "non_finite", "stopped", "failed"]


@dataclass(frozen=True, eq=False)
class Run:
    """A finished training run.

    Attributes
    ----------
    theta : array (n_parameters,)
        Where it ended: always parameters at which the loss was finite, unless the very first was not.
    history : dict of arrays, one entry an epoch
        ``loss[i]`` is the data loss before update i (with mini-batches their weighted mean), ``objective[i]`` adds
        the penalty, ``validation_loss[i]`` is there if validation data were given, ``learning_rate[i]`` if a
        schedule was.
    status : str
        ``"converged"`` (a criterion was met), ``"max_epochs"``, ``"non_finite"``, ``"stopped"`` (by a callback or
        Ctrl-C) or ``"failed"`` (SciPy gave up).
    message : str
        The same in a sentence.
    loss : float
        The data loss at ``theta``.
    epochs : int
        How many epochs were trained (with SciPy: its iterations).
    """

    theta: Array = field(repr=False)
    history: Mapping[str, Array] = field(repr=False)
    status: Status
    message: str
    loss: float
    epochs: int


@dataclass(frozen=True, eq=False)
class Epoch:
    """One epoch as the loop shows it.

    On the whole data, epoch i is seen before its update: ``loss`` is measured at ``theta``. With mini-batches it is
    seen after its updates: ``loss`` is the mean over the batches, ``theta`` is where they led. With dropout ``loss``
    and ``objective`` are measured without the units dropped in that update; everything else is measured with all units.

    Attributes
    ----------
    number : int
        From 0 on.
    loss : float
        The mean loss.
    objective : float
        The loss plus the penalty.
    theta : array (n_parameters,)
    history : dict of lists
        The epochs before this one.
    validation_loss : float, optional
        Where validation data were given.
    learning_rate : float, optional
        Where a schedule was given.
    accuracy : float
        The share of the training samples read right at ``theta``: ``measure_accuracy()``, when it is asked for.
    """

    number: int
    loss: float
    objective: float
    theta: Array = field(repr=False)
    history: Mapping[str, Sequence[float]] = field(repr=False)
    validation_loss: float | None = None
    learning_rate: float | None = None
    measure_accuracy: Callable[[], float] = field(repr=False, kw_only=True)

    @property
    def accuracy(self) -> float:
        """Share of the training samples read right at ``theta``; computed when it is looked at."""
        return self.measure_accuracy()
