"""Steps by the textbook engine: how theta is measured and moved, one update at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.maths.arrays import quietly
from chainrule.network.dropout import draw_masks
from chainrule.training.averaging import Average
from chainrule.training.batches import shuffled_batches
from chainrule.training.clipping import clipped
from chainrule.training.steps import is_finite, mask_seed

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.network.dropout import Masks
    from chainrule.network.objective import Evaluation, Objective
    from chainrule.training.optimizers import Optimizer, State


def _moved(optimizer: Optimizer, gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
    """Return theta after an update and the optimizer's next state; one's own optimizer may return anything."""
    moved = optimizer.update(gradient, state, theta)
    if not isinstance(moved, tuple) or len(moved) != 2 or np.shape(moved[0]) != theta.shape:
        raise InvalidValue(
            f"update of the Optimizer {optimizer.name!r} must return (theta, state), theta {theta.shape}."
        )
    return moved


class TextbookSteps:
    """Steps by ``Objective.evaluate`` and ``Optimizer.update``, as one would write them down."""

    def __init__(
        self,
        objective: Objective,
        theta: Array,
        optimizer: Optimizer,
        generator: Generator,
        *,
        batch_size: int | None,
        clip: float | None,
    ) -> None:
        self.objective = objective
        self.theta = self.finite_theta = theta
        self.generator = generator
        self.batch_size = batch_size
        self.clip = clip
        self.average: Average | None = None
        self.blocks = None
        self._seed = mask_seed(objective, generator)
        self._n_updates = 0
        self._optimizer = optimizer
        self._state = optimizer.init(theta)
        self._averaging = False
        self._measured: Evaluation | None = None

    def begin_epoch(self, optimizer: Optimizer, *, averaging: bool) -> None:
        """Take the optimizer at the epoch's rate, and whether parameters are averaged from here on."""
        self._optimizer, self._averaging = optimizer, averaging

    def measure(self) -> Evaluation:
        """Measure all samples at once."""
        self._measured = self.objective.evaluate(self.theta, self._masks(len(self.objective.X)))
        return self._measured

    @quietly
    def update(self) -> None:
        """Move theta by what was measured last."""
        assert self._measured is not None, "Nothing was measured yet."  # noqa: S101  # the loop measures first
        gradient = self._measured.gradient
        gradient = gradient if self.clip is None else clipped(gradient, self.clip)
        self.finite_theta = self.theta
        self._n_updates += 1
        self.theta, self._state = _moved(self._optimizer, gradient, self._state, self.theta)
        if self._averaging:
            self.average = Average(self.theta) if self.average is None else self.average.including(self.theta)

    def mini_batches(self) -> Evaluation:
        """Update once a batch; return the mean of what was measured on the way, or what was not finite."""
        assert self.batch_size is not None, "There are no batches."  # noqa: S101
        loss = objective = 0.0
        for X, T, shares, weight in shuffled_batches(self.objective, self.batch_size, self.generator):
            measured = self.objective.evaluate_batch(self.theta, X, T, shares, self._masks(len(X)))
            if not is_finite(measured, self.theta):
                return measured._replace(loss=math.nan, objective=math.nan)
            loss += weight * measured.loss
            objective += weight * measured.objective
            self._measured = measured
            self.update()
        return measured._replace(loss=loss, objective=objective, Y=None)

    def _masks(self, n_samples: int) -> Masks:
        """Draw what this update drops; the same update always drops the same."""
        return draw_masks(self.objective.net, n_samples, self._seed, self._n_updates, self.theta.dtype)
