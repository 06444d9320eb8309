"""Schedules: how the learning rate moves from epoch to epoch. A schedule is a value; every run begins it anew."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from chainrule.errors import check_count, check_number

if TYPE_CHECKING:
    from collections.abc import Callable

Pace: TypeAlias = "Callable[[int, float | None], float]"  # (epoch, loss of the epoch before it) -> its rate


class Schedule(Protocol):
    """A learning rate that moves; ``begin(n_epochs)`` gives the pace of one run of at most so many epochs.

    The pace is asked once an epoch, in order: for the epoch's number, counted from 0, and the loss of the epoch
    before it (None in the first), it answers with the rate.
    """

    def begin(self, n_epochs: int, /) -> Pace:
        """Return a fresh pace."""


class EpochFormula:
    """A schedule that is a pure function of the epoch and of how many there may be: the base of those that are."""

    def rate(self, epoch: int, n_epochs: int) -> float:
        """Return the rate of an epoch."""
        raise NotImplementedError

    def begin(self, n_epochs: int) -> Pace:
        """Return the pace, which remembers nothing."""
        return FormulaPace(self, n_epochs)


@dataclass(frozen=True)
class FormulaPace:
    """One run of a formula."""

    formula: EpochFormula
    n_epochs: int

    def __call__(self, epoch: int, loss: float | None) -> float:  # noqa: ARG002  # it does not look at the loss
        """Return the rate of an epoch."""
        return self.formula.rate(epoch, self.n_epochs)


@dataclass(frozen=True)
class Constant(EpochFormula):
    """Always the same rate, η."""

    learning_rate: float

    def __post_init__(self) -> None:
        """Check the rate."""
        check_number("learning_rate", self.learning_rate, above=0)

    def rate(self, epoch: int, n_epochs: int) -> float:  # noqa: ARG002  # every formula is asked the same
        """Return η."""
        return self.learning_rate


@dataclass(frozen=True)
class StepDecay(EpochFormula):
    """The rate is multiplied by a factor every so many epochs."""

    learning_rate: float
    every: int
    factor: float

    def __post_init__(self) -> None:
        """Check what was asked for."""
        check_number("learning_rate", self.learning_rate, above=0)
        check_count("step's every", self.every)
        check_number("step's factor", self.factor, above=0, below=1)

    def rate(self, epoch: int, n_epochs: int) -> float:  # noqa: ARG002
        """Return η factor^⌊epoch / every⌋."""
        return self.learning_rate * self.factor ** (epoch // self.every)


@dataclass(frozen=True)
class InverseScaling(EpochFormula):
    """The rate falls as a power of the time."""

    learning_rate: float
    power: float
    pace: float

    def __post_init__(self) -> None:
        """Check what was asked for."""
        check_number("learning_rate", self.learning_rate, above=0)
        check_number("inverse_scaling's power", self.power, at_least=0)
        check_number("inverse_scaling's pace", self.pace, above=0)

    def rate(self, epoch: int, n_epochs: int) -> float:  # noqa: ARG002
        """Return η / (1 + pace · epoch)^power."""
        return float(self.learning_rate / (1.0 + self.pace * epoch) ** self.power)


@dataclass(frozen=True)
class Cosine(EpochFormula):
    """The rate falls along half a wave of a cosine, slowly at both ends."""

    learning_rate: float
    lowest: float

    def __post_init__(self) -> None:
        """Check what was asked for."""
        check_number("learning_rate", self.learning_rate, above=0)
        check_number("cosine's lowest", self.lowest, at_least=0, at_most=self.learning_rate)

    def rate(self, epoch: int, n_epochs: int) -> float:
        """Return lowest + ½ (η − lowest) (1 + cos(π epoch / n_epochs))."""
        wave = 0.5 * (1.0 + math.cos(math.pi * epoch / n_epochs))
        return self.lowest + (self.learning_rate - self.lowest) * wave


@dataclass(frozen=True)
class WarmUp:
    """The first epochs climb to the rate at which another schedule begins."""

    schedule: Schedule
    epochs: int

    def __post_init__(self) -> None:
        """Check the number of epochs."""
        check_count("warm_up's epochs", self.epochs)

    def begin(self, n_epochs: int) -> Pace:
        """Return a pace that climbs, and then is the other's, which counts its epochs from there."""
        then = self.schedule.begin(max(1, n_epochs - self.epochs))
        return WarmUpPace(self.epochs, then(0, None), then)


@dataclass(frozen=True)
class WarmUpPace:
    """One run that climbs to a rate and then keeps another pace."""

    epochs: int
    first: float
    then: Pace

    def __call__(self, epoch: int, loss: float | None) -> float:
        """Return the rate of an epoch."""
        if epoch <= self.epochs:
            return self.first * (epoch + 1) / (self.epochs + 1)
        return self.then(epoch - self.epochs, loss)


@dataclass(frozen=True)
class ReduceOnPlateau:
    """The rate is multiplied by a factor when the loss no longer falls."""

    learning_rate: float
    factor: float
    patience: int
    tolerance: float
    lowest: float

    def __post_init__(self) -> None:
        """Check what was asked for."""
        check_number("learning_rate", self.learning_rate, above=0)
        check_number("reduce_on_plateau's factor", self.factor, above=0, below=1)
        check_count("reduce_on_plateau's patience", self.patience)
        check_number("reduce_on_plateau's tolerance", self.tolerance, at_least=0)
        check_number("reduce_on_plateau's lowest", self.lowest, at_least=0, at_most=self.learning_rate)

    def begin(self, n_epochs: int) -> Pace:  # noqa: ARG002  # it does not look at the end
        """Return a pace that remembers the lowest loss of its run."""
        return PlateauPace(self, self.learning_rate)


def is_foreseeable(pace: Pace | None) -> bool:
    """Whether the rates of many epochs can be had before the first of them is trained: those of a formula can.

    >>> is_foreseeable(cosine(0.3).begin(10)), is_foreseeable(reduce_on_plateau(0.3).begin(10))
    (True, False)
    """
    if isinstance(pace, WarmUpPace):
        return is_foreseeable(pace.then)
    return pace is None or isinstance(pace, FormulaPace)


@dataclass
class PlateauPace:
    """Remembers the lowest loss of one run, and for how many epochs there was none lower."""

    schedule: ReduceOnPlateau
    rate: float
    best_loss: float = math.inf
    waited: int = 0

    def __call__(self, epoch: int, loss: float | None) -> float:  # noqa: ARG002  # a pace is asked for an epoch
        """Return the rate, lowered once the patience is used up."""
        if loss is None:
            return self.rate
        self.waited = 0 if loss < self.best_loss - self.schedule.tolerance else self.waited + 1
        self.best_loss = min(loss, self.best_loss)
        if self.waited >= self.schedule.patience:
            self.rate = max(self.rate * self.schedule.factor, self.schedule.lowest)
            self.waited = 0
        return self.rate


def constant(learning_rate: float) -> Constant:
    """η, in every epoch; a plain number means the same.

    Parameters
    ----------
    learning_rate : float > 0
        η.

    Returns
    -------
    schedule

    Raises
    ------
    InvalidValue
        Where the rate is no number > 0.

    Examples
    --------
    >>> constant(0.1).rate(epoch=7, n_epochs=10)
    0.1
    """
    return Constant(learning_rate)


def step(learning_rate: float, every: int, factor: float = 0.1) -> StepDecay:
    """η factor^⌊epoch / every⌋: multiplied by ``factor`` every so many epochs, the schedule of He et al. (2016).

    Parameters
    ----------
    learning_rate : float > 0
        η.
    every : int ≥ 1
        Epochs.
    factor : float, 0 < factor < 1

    Returns
    -------
    schedule

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds; ``factor`` lies between 0 and 1.

    Examples
    --------
    >>> schedule = step(0.5, every=10, factor=0.5)
    >>> [schedule.rate(epoch, n_epochs=30) for epoch in (0, 9, 10, 20)]
    [0.5, 0.5, 0.25, 0.125]
    """
    return StepDecay(learning_rate, every, factor)


def inverse_scaling(learning_rate: float, power: float = 0.5, pace: float = 1.0) -> InverseScaling:
    """η / (1 + pace · epoch)^power, the falling gains of Robbins and Monro (1951).

    With ``pace`` the number of samples it is scikit-learn's ``learning_rate="invscaling"``, which counts samples.

    Parameters
    ----------
    learning_rate : float > 0
        η.
    power : float ≥ 0
    pace : float > 0

    Returns
    -------
    schedule

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds.

    Examples
    --------
    >>> inverse_scaling(0.3).rate(epoch=8, n_epochs=10)
    0.09999999999999999
    """
    return InverseScaling(learning_rate, power, pace)


def cosine(learning_rate: float, lowest: float = 0.0) -> Cosine:
    """lowest + ½ (η − lowest) (1 + cos(π epoch / epochs)), without the restarts of Loshchilov and Hutter (2017).

    ``epochs`` is the maximum that the run was given.

    Parameters
    ----------
    learning_rate : float > 0
        η.
    lowest : float, 0 ≤ lowest ≤ learning_rate

    Returns
    -------
    schedule

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds; ``lowest`` is at most the rate.

    Examples
    --------
    >>> [round(cosine(0.2).rate(epoch, n_epochs=4), 3) for epoch in range(4)]
    [0.2, 0.171, 0.1, 0.029]
    """
    return Cosine(learning_rate, lowest)


def warm_up(schedule: float | Schedule, epochs: int) -> WarmUp:
    """η₀ (epoch + 1) / (epochs + 1) at first, then the other schedule from its start η₀ on (Goyal et al. 2017).

    Parameters
    ----------
    schedule : float or schedule
        What comes after.
    epochs : int ≥ 1
        How long the rate rises.

    Returns
    -------
    schedule

    Raises
    ------
    InvalidValue
        Where ``schedule`` is neither a rate nor a schedule, or ``epochs`` no whole number ≥ 1.

    Examples
    --------
    >>> pace = warm_up(0.3, epochs=2).begin(10)
    >>> [round(pace(epoch, None), 3) for epoch in range(4)]
    [0.1, 0.2, 0.3, 0.3]
    """
    return WarmUp(as_schedule(schedule), epochs)


def reduce_on_plateau(
    learning_rate: float, factor: float = 0.2, patience: int = 10, tolerance: float = 1e-4, lowest: float = 1e-6
) -> ReduceOnPlateau:
    """η ← max(factor · η, lowest) when the loss has not fallen by more than ``tolerance`` for ``patience`` epochs.

    The loss is the training loss of the epochs before. With ``factor=0.2`` and a patience of one more than its
    ``n_iter_no_change`` it is scikit-learn's ``learning_rate="adaptive"``.

    Parameters
    ----------
    learning_rate : float > 0
        η.
    factor : float, 0 < factor < 1
    patience : int ≥ 1
    tolerance : float ≥ 0
    lowest : float, 0 ≤ lowest ≤ learning_rate

    Returns
    -------
    schedule

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds.

    Examples
    --------
    >>> pace = reduce_on_plateau(0.5, factor=0.5, patience=2).begin(10)
    >>> [pace(epoch, loss) for epoch, loss in enumerate([None, 1.0, 0.9, 0.9, 0.9, 0.9])]
    [0.5, 0.5, 0.5, 0.5, 0.25, 0.25]
    """
    return ReduceOnPlateau(learning_rate, factor, patience, tolerance, lowest)


def as_schedule(learning_rate: float | Schedule) -> Schedule:
    """Return the schedule, or the one that stays at a number."""
    if hasattr(learning_rate, "begin"):
        return learning_rate
    return constant(learning_rate)
