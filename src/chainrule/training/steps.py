"""Steps: what an engine does for the loop over the epochs, the textbook's or the compiled one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.network.objective import Evaluation, Objective
    from chainrule.training.averaging import Average
    from chainrule.training.optimizers import Optimizer


class Block(NamedTuple):
    """What some epochs came to: losses and objectives of those that were measured well, and whether all were."""

    losses: npt.NDArray[np.float64]
    objectives: npt.NDArray[np.float64]
    well: bool


class Blocks(Protocol):
    """Epochs that nobody looks at, many in one call."""

    @property
    def longest_block(self) -> int:
        """How many epochs are trained in one call: by their work alone, so that a run is the same every time."""

    @property
    def rate(self) -> float:
        """The learning rate of the epoch that was begun last."""

    def block(self, rates: Sequence[float]) -> Block:
        """Train one epoch a rate; on the whole data each is measured before its update."""

    def go_back(self, epochs: int) -> None:
        """Stand where so many epochs of the last block led."""


class Steps(Protocol):
    """What either engine does for the loop over the epochs.

    ``theta`` is where it stands, ``finite_theta`` the last at which loss and gradient were finite.
    """

    theta: Array
    finite_theta: Array

    @property
    def blocks(self) -> Blocks | None:
        """What trains many epochs in one call, None where they are trained one by one."""

    @property
    def average(self) -> Average | None:
        """The mean of the parameters that were averaged, if any were."""

    def begin_epoch(self, optimizer: Optimizer, *, averaging: bool) -> None:
        """Take the optimizer at the epoch's rate, and whether parameters are averaged from here on."""

    def measure(self) -> Evaluation:
        """Measure all samples at once."""

    def update(self) -> None:
        """Move theta by what was measured last."""

    def mini_batches(self) -> Evaluation:
        """Update once a batch; return the mean of what was measured on the way, or what was not finite."""


def is_finite(measured: Evaluation, theta: Array) -> bool:
    """Whether all numbers are: an infinite weight can hide behind a saturated unit, whose loss is finite."""
    return measured.is_finite and bool(np.isfinite(theta).all())


def mask_seed(objective: Objective, generator: Generator) -> int:
    """Draw the seed of a run's dropout, if there is any."""
    return int.from_bytes(generator.bytes(8), "little") if objective.net.has_dropout else 0
