"""Stopping: rules that end a run early, and callbacks that see its epochs. A rule begins anew with every run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, cast

from chainrule.errors import InvalidValue, check_count, check_number, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.maths.arrays import Array
    from chainrule.training.run import Epoch

Callback: TypeAlias = "Callable[[Epoch], object]"


class Watch(Protocol):
    """A rule at work in one run: it looks at an epoch and answers with the reason to stop, or None."""

    def __call__(self, epoch: Epoch, /) -> str | None:
        """Return the reason to stop, or None."""


class LossWatch(Watch, Protocol):
    """A watch that looks at the training loss alone: it can look at those of many epochs at once."""

    def first(self, losses: Sequence[float], /) -> tuple[int, str] | None:
        """Return which of these losses, the next in order, is the first to stop at, and why."""


class StoppingRule(Protocol):
    """A criterion for a run's end; ``begin()`` gives the watch for one run."""

    def begin(self) -> Watch:
        """Return a fresh watch."""


Stop: TypeAlias = "StoppingRule | Sequence[StoppingRule] | None"
Callbacks: TypeAlias = "Callback | Sequence[Callback] | None"


@dataclass(frozen=True)
class LossBelow:
    """Stop when the training loss is below a threshold."""

    threshold: float

    def __post_init__(self) -> None:
        """Check the threshold."""
        check_number("loss_below", self.threshold)

    def begin(self) -> Watch:
        """Return a watch; it remembers nothing."""
        return ThresholdWatch(self.threshold)


@dataclass(frozen=True)
class ThresholdWatch:
    """Compares losses with a threshold."""

    threshold: float

    def __call__(self, epoch: Epoch) -> str | None:
        """Return the reason to stop at an epoch, if it is one to stop at."""
        found = self.first([epoch.loss])
        return found[1] if found else None

    def first(self, losses: Sequence[float]) -> tuple[int, str] | None:
        """Return the first loss that is below, and the reason."""
        for number, loss in enumerate(losses):
            if loss < self.threshold:
                return number, f"The loss {loss:.6g} is below {self.threshold:g}."
        return None


@dataclass(frozen=True)
class AccuracyReached:
    """Stop when the share of training samples that are read right reaches a target."""

    target: float = 1.0

    def __post_init__(self) -> None:
        """Check the target."""
        check_number("accuracy_reached", self.target, above=0, at_most=1)

    def begin(self) -> Watch:
        """Return a watch; it remembers nothing."""
        return self._reason

    def _reason(self, epoch: Epoch) -> str | None:
        accuracy = epoch.accuracy
        return f"The accuracy is {accuracy:.4g}; {self.target:g} was asked for." if accuracy >= self.target else None


@dataclass(frozen=True)
class NoImprovement:
    """Stop when a loss has not fallen by more than ``tolerance`` for ``patience`` epochs.

    Of the validation loss this is early stopping, and the run returns the best parameters seen (Prechelt 1998).
    """

    patience: int = 10
    tolerance: float = 1e-4
    of: Literal["loss", "validation_loss"] = "loss"

    def __post_init__(self) -> None:
        """Check what was asked for."""
        check_count("no_improvement's patience", self.patience)
        check_number("no_improvement's tolerance", self.tolerance, at_least=0)
        if self.of not in ("loss", "validation_loss"):
            raise unknown_name("loss to watch", self.of, ["loss", "validation_loss"])

    def begin(self) -> Watch:
        """Return a watch that remembers the best loss of its run."""
        return ImprovementWatch(self)


class ImprovementWatch:
    """Remembers the best loss of one run, and the parameters that had it."""

    def __init__(self, rule: NoImprovement) -> None:
        self.rule = rule
        self.best_loss = math.inf
        self.best_theta: Array | None = None
        self.best_epoch = 0
        self.waited = 0

    def __call__(self, epoch: Epoch) -> str | None:
        """Return the reason to stop once the patience is used up."""
        loss = epoch.loss if self.rule.of == "loss" else epoch.validation_loss
        if loss is None:
            raise InvalidValue("no_improvement(of='validation_loss') needs validation=(X_val, T_val).")
        if loss < self.best_loss:
            self.best_theta, self.best_epoch = epoch.theta, epoch.number
        return self._reason(loss)

    def first(self, losses: Sequence[float]) -> tuple[int, str] | None:
        """Return the first loss at which the patience is used up, and the reason."""
        for number, loss in enumerate(losses):
            if reason := self._reason(loss):
                return number, reason
        return None

    def _reason(self, loss: float) -> str | None:
        self.waited = 0 if loss < self.best_loss - self.rule.tolerance else self.waited + 1
        self.best_loss = min(loss, self.best_loss)
        if self.waited < self.rule.patience:
            return None
        name = self.rule.of.replace("_", " ")
        return f"The {name} has not fallen by more than {self.rule.tolerance:g} for {self.rule.patience} epochs."


def loss_below(threshold: float) -> LossBelow:
    """Stop when the training loss is below ``threshold`` (S4 stops at 0.01).

    Parameters
    ----------
    threshold : float

    Returns
    -------
    LossBelow
        A rule for ``stop=``.

    Raises
    ------
    InvalidValue
        Where the threshold is no finite number.

    Examples
    --------
    >>> loss_below(0.01)
    LossBelow(threshold=0.01)
    """
    return LossBelow(threshold)


def accuracy_reached(target: float = 1.0) -> AccuracyReached:
    """Stop when the accuracy on the training data reaches ``target`` (S4's pseudocode stops at 1).

    Parameters
    ----------
    target : float, 0 < target ≤ 1

    Returns
    -------
    AccuracyReached
        A rule for ``stop=``.

    Raises
    ------
    InvalidValue
        Where the target is outside its bounds.

    Examples
    --------
    >>> accuracy_reached()
    AccuracyReached(target=1.0)
    """
    return AccuracyReached(target)


def no_improvement(
    patience: int = 10, tolerance: float = 1e-4, of: Literal["loss", "validation_loss"] = "loss"
) -> NoImprovement:
    """Stop when the loss, or the validation loss, has not fallen by more than ``tolerance`` for ``patience`` epochs.

    Parameters
    ----------
    patience : int ≥ 1
        How many epochs to wait.
    tolerance : float ≥ 0
        What counts as having fallen.
    of : "loss" or "validation_loss"
        Of the validation loss this is early stopping: the run ends with the best parameters seen.

    Returns
    -------
    NoImprovement
        A rule for ``stop=``.

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds, or ``of`` is another name.

    Examples
    --------
    >>> no_improvement(20, of="validation_loss")
    NoImprovement(patience=20, tolerance=0.0001, of='validation_loss')
    """
    return NoImprovement(patience, tolerance, of)


def _as_list(given: Any) -> list[Any]:
    return [] if given is None else list(given) if isinstance(given, list | tuple) else [given]


class StopRules:
    """All the rules and callbacks of one run together."""

    def __init__(self, stop: Stop, callback: Callbacks = None) -> None:
        self.watches: list[Watch] = []
        for rule in _as_list(stop):
            if not hasattr(rule, "begin"):
                hint = " A function of an epoch is a callback: callback=…" if callable(rule) else ""
                raise InvalidValue(
                    f"stop must be a rule such as loss_below(0.01), or a list of them, got {rule!r}.{hint}"
                )
            self.watches.append(rule.begin())
        self.callbacks: list[Callback] = _as_list(callback)
        for function in self.callbacks:
            if not callable(function):
                raise InvalidValue(f"callback must be a function of an epoch, or a list of them, got {function!r}.")

    def criterion(self, epoch: Epoch) -> str | None:
        """Return the first reason that a rule gives; every rule gets to see the epoch."""
        reasons = [reason for watch in self.watches if (reason := watch(epoch))]
        return reasons[0] if reasons else None

    @property
    def at_losses_alone(self) -> bool:
        """Whether nothing but the training loss can stop the run, so that many epochs can be looked at together."""
        return not self.callbacks and self.best is None and all(hasattr(watch, "first") for watch in self.watches)

    def first(self, losses: Sequence[float]) -> tuple[int, str] | None:
        """Return which of the next losses is the first that a rule stops at, and its reason."""
        found = [answer for watch in self.watches if (answer := cast("LossWatch", watch).first(losses))]
        return min(found, key=itemgetter(0)) if found else None

    def callback(self, epoch: Epoch) -> str | None:
        """Return why a user's function stops the run: its own words if it returns a string, else that it did."""
        for function in self.callbacks:
            answer = function(epoch)
            if answer:
                return answer if isinstance(answer, str) else f"A callback stopped the run in epoch {epoch.number}."
        return None

    @property
    def best(self) -> ImprovementWatch | None:
        """The watch over the validation loss, whose best parameters the run returns."""
        for watch in self.watches:
            if isinstance(watch, ImprovementWatch) and watch.rule.of == "validation_loss":
                return watch
        return None
