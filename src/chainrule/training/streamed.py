"""Training on a stream: the same loop and the same updates, on one window of rows after the other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.network.compiled_objective import CompiledObjective
from chainrule.network.inputs import as_theta
from chainrule.network.network import check_network
from chainrule.network.objective import Objective
from chainrule.network.once import once
from chainrule.streams.windows import Windows, whole_batches
from chainrule.training.accuracy import DecisionRule, decision
from chainrule.training.compiled_steps import CompiledSteps
from chainrule.training.loop import Training
from chainrule.training.textbook_steps import TextbookSteps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.network.compiled_objective import CompiledJob
    from chainrule.network.network import Network
    from chainrule.network.objective import Evaluation
    from chainrule.streams.opening import Stream
    from chainrule.streams.windows import Window
    from chainrule.training.optimizers import Recipe

ROWS = 4096  # that are measured at once: what a pass keeps of its layers stays small


@dataclass(frozen=True, eq=False)
class StreamedObjective(Objective):
    """The objective of all rows of a stream; X, T and shares are those of the first row, by which dtypes are known."""

    windows: Windows = field(kw_only=True, repr=False)
    is_compiled: bool = field(default=False, kw_only=True)

    @classmethod
    def over(cls, net: Network, windows: Windows, dtype: npt.DTypeLike, l2: float, l1: float) -> StreamedObjective:
        """Return the objective on the rows of windows, in a dtype."""
        X, y = windows.source.read(*windows.blocks[0])
        share = np.full(1, 1.0 / windows.source.n_rows, dtype)
        return cls(net, X[:1].astype(dtype), net.targets(y[:1], 1, dtype), share, l2=l2, l1=l1, windows=windows)

    def job(self, *, dropping: bool, optimizer: str) -> CompiledJob:
        """Return what the compiled engine is given first, before there is a window."""
        return CompiledObjective.of(self).job(dropping=dropping, optimizer=optimizer)

    def on(self, window: Window) -> Objective:
        """Return the objective on a window, whose rows have their shares of the whole."""
        X = np.ascontiguousarray(window.X, self.X.dtype)
        T = self.net.targets(window.y, len(X), X.dtype)
        part = Objective(self.net, X, T, np.full(len(X), self.shares[0]), l2=self.l2, l1=self.l1)
        return CompiledObjective.of(part) if self.is_compiled else part

    def parts(self) -> Iterator[Objective]:
        """Go through all rows in order, some at a time."""
        for window in self.windows.in_order():
            for start in range(0, len(window), ROWS):
                yield self.on(window.take(slice(start, start + ROWS)))

    def loss(self, theta: Array) -> float:
        """Return the data loss at theta, by a forward pass over all rows."""
        return math.fsum(part.loss(theta) for part in self.parts())


def as_compiled(objective: Objective) -> Objective:
    """Return the same objective for the compiled engine."""
    if isinstance(objective, StreamedObjective):
        return replace(objective, is_compiled=True)
    return CompiledObjective.of(objective)


class Dealt:
    """An order that was dealt already, in the place of a generator that deals one."""

    def __init__(self, places: npt.NDArray[Any]) -> None:
        self.places = places
        self.bit_generator = SimpleNamespace(state=None)

    def permutation(self, n: int) -> npt.NDArray[Any]:  # noqa: ARG002  # those of a window that make whole batches
        """Return it."""
        return self.places


class StreamedTextbookSteps(TextbookSteps):
    """The textbook's steps, on one window after the other."""

    def mini_batches(self) -> Evaluation:
        """Update once a batch; return the mean of what was measured on the way, or what was not finite."""
        whole, generator = cast("StreamedObjective", self.objective), self.generator
        try:
            return _over_windows(self, whole, generator, super().mini_batches)
        finally:
            self.objective, self.generator = whole, generator


class StreamedCompiledSteps(CompiledSteps):
    """The compiled engine's steps, on one window after the other."""

    @property
    def blocks(self) -> None:  # type: ignore[override]
        """Epochs are trained one by one."""

    def mini_batches(self) -> Evaluation:
        """Update once a batch; return the mean of what was measured on the way, or what was not finite."""
        whole, generator, job = cast("StreamedObjective", self.objective), self.generator, self._job

        def train() -> Evaluation:
            recipe = cast("Recipe", self._optimizer.recipe)
            self._job = self.objective.job(dropping=True, optimizer=recipe.name)
            return super(StreamedCompiledSteps, self).mini_batches()

        try:
            return _over_windows(self, whole, generator, train)
        finally:
            self.objective, self.generator, self._job = whole, generator, job  # type: ignore[assignment]


def _over_windows(
    steps: Any, whole: StreamedObjective, generator: Generator, train: Callable[[], Evaluation]
) -> Evaluation:
    """Let steps train on each window in turn, and add up what they measured: shares are those of the whole."""
    loss = objective = 0.0
    for window, places in whole_batches(whole.windows, steps.batch_size, generator.permutation):
        steps.objective, steps.generator = whole.on(window), Dealt(places)
        measured = train()
        if not measured.is_finite:
            return measured
        loss, objective = loss + measured.loss, objective + measured.objective
    return measured._replace(loss=loss, objective=objective)


class StreamedTraining(Training):
    """A run on a stream, whose accuracy is counted a window at a time."""

    @once
    def decision(self) -> DecisionRule:
        """How outputs are read as classes: by the targets of all rows."""
        known = self.objective.T
        for part in cast("StreamedObjective", self.objective).parts():
            known = np.unique(np.concatenate([known, part.T]), axis=0)
            if not np.isin(known, (-1.0, 0.0, 1.0)).all():  # no classes
                break
        return decision(self.objective.net, known)

    def accuracy(self, outputs: Callable[[], Array]) -> float:  # noqa: ARG002  # of all rows, which would be too many
        """Share of the rows read right at theta."""
        whole, rule, theta = cast("StreamedObjective", self.objective), self.decision, self.theta
        right = [rule.accuracy(part.outputs(theta), part.T) * len(part.X) for part in whole.parts()]
        return math.fsum(right) / whole.windows.source.n_rows


def prepare_stream(
    net: Network, data: Stream, theta: npt.ArrayLike | None, l2: float, l1: float, generator: Generator
) -> tuple[StreamedObjective, Array]:
    """Return the objective on a stream, and the start."""
    check_network(net, "net, stream, batch_size=…")
    start = net.initial_theta(generator) if theta is None else as_theta(theta, net.n_parameters).copy()
    source = data.source
    if source.n_features != net.n_features:
        raise InvalidValue(f"The stream has {source.n_features} features, the network expects {net.n_features}.")
    if not np.isfinite(start).all():
        raise InvalidValue("theta holds NaN or infinity: training needs a finite start.")
    width = start.dtype.itemsize
    more = width * (net.n_outputs + 1) + width * source.n_features * (start.dtype != source.dtype)
    return StreamedObjective.over(net, Windows(source, data.memory, more), start.dtype, l2, l1), start
