"""The journal of a run under way: what was measured, where it stands, how it ended. Descent and SciPy keep the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.network.once import once
from chainrule.training.accuracy import DecisionRule, decision
from chainrule.training.run import Epoch, Run, Status
from chainrule.training.stopping import Callbacks, Stop, StopRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.maths.arrays import Array
    from chainrule.network.objective import Evaluation, Objective


class Journal:
    """What a run writes down. ``theta`` is where it stands, ``done`` counts the epochs whose updates are made."""

    def __init__(
        self, objective: Objective, theta: Array, stop: Stop, callback: Callbacks, validation: Objective | None
    ) -> None:
        self.objective = objective
        self.theta = theta
        self.rules = StopRules(stop, callback)
        self.validation = validation
        self.done = 0
        self._known_loss: tuple[Array, float] | None = None
        self.history: dict[str, list[float]] = {"loss": [], "objective": []}
        if validation is not None:
            self.history["validation_loss"] = []
        self.status: Status = "stopped"
        self.message = "The run was not finished."

    @once
    def decision(self) -> DecisionRule:
        """How outputs are read as classes."""
        return decision(self.objective.net, self.objective.T)

    def look(
        self, number: int, measured: Evaluation, outputs: Callable[[], Array], learning_rate: float | None = None
    ) -> Epoch:
        """Return an epoch of the current parameters; ``outputs()`` are Y on all samples, for its accuracy."""
        return Epoch(
            number,
            measured.loss,
            measured.objective,
            self.theta,
            self.history,
            None if self.validation is None else self.validation.loss(self.theta),
            learning_rate,
            measure_accuracy=lambda: self.accuracy(outputs),
        )

    def accuracy(self, outputs: Callable[[], Array]) -> float:
        """Share of the samples whose outputs are read right."""
        return self.decision.accuracy(outputs(), self.objective.T)

    def record(self, epoch: Epoch) -> Epoch:
        """Write an epoch into the history."""
        for name, values in self.history.items():
            values.append(getattr(epoch, name))
        return epoch

    def loss_at(self, theta: Array) -> float:
        """Return the data loss at theta, which is asked for more than once at the end: a pass over all samples each."""
        known = self._known_loss
        if known is None or known[0] is not theta:
            known = self.remember_loss(theta, self.objective.loss(theta))
        return known[1]

    def remember_loss(self, theta: Array, loss: float) -> tuple[Array, float]:
        """Keep the data loss at theta, an array that nobody changes."""
        self._known_loss = (theta, loss)
        return self._known_loss

    def end(self, status: Status, message: str) -> None:
        """Note how the run ended."""
        self.status, self.message = status, message

    def choose(self) -> tuple[Array, str]:
        """Return the parameters that the run ends with, and the message that says which they are."""
        best = self.rules.best
        if best is None or best.best_theta is None:
            return self.theta, self.message
        which = f" These are the parameters of epoch {best.best_epoch}, whose validation loss was lowest."
        return best.best_theta, self.message + which

    @property
    def run(self) -> Run:
        """The run so far; under a rule of no improvement in the validation loss with the best parameters seen."""
        theta, message = self.choose()
        history = {name: np.asarray(values[: self.done]) for name, values in self.history.items()}
        return Run(theta, history, self.status, message, self.loss_at(theta), self.done)
