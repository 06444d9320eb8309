"""Training on a stream: the same loop and the same updates, on one window of rows after the other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from chainrule.errors import InvalidValue, check_number
from chainrule.kernels.arguments import State
from chainrule.network.compiled_objective import CompiledObjective
from chainrule.network.inputs import as_theta
from chainrule.network.network import check_network
from chainrule.network.objective import Evaluation, Objective
from chainrule.network.once import once
from chainrule.streams.validation_rows import validation_rows
from chainrule.streams.windows import HeldOut, Window, Windows, whole_batches
from chainrule.training.accuracy import DecisionRule, decision
from chainrule.training.compiled_steps import CompiledSteps, as_state, remembered
from chainrule.training.keeping import kept_in
from chainrule.training.kept_state import check_keepable, stand, state_of
from chainrule.training.loop import Training
from chainrule.training.textbook_steps import TextbookSteps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.network.compiled_objective import CompiledJob
    from chainrule.network.network import Network
    from chainrule.streams.stream import Stream
    from chainrule.training.keeping import KeepsTraining
    from chainrule.training.optimizers import Recipe
    from chainrule.training.progress import ProgressBar
    from chainrule.training.run import Epoch
    from chainrule.training.stopping import Stop

ROWS = 4096  # that are measured at once: what a pass keeps of its layers stays small
SPLIT = 0  # seed of the hash that says which rows validate: the same for every random_state


@dataclass(frozen=True, eq=False)
class StreamedObjective(Objective):
    """The objective of the rows of a stream that train, or of ``rows`` of it that are in memory.

    X, T and shares are those of the first row, by which dtypes are known.
    """

    windows: Windows = field(kw_only=True, repr=False)
    n_rows: int = field(kw_only=True)
    rows: Window | None = field(default=None, kw_only=True, repr=False)
    is_compiled: bool = field(default=False, kw_only=True)

    @classmethod
    def over(
        cls, net: Network, windows: Windows, n_rows: int, dtype: npt.DTypeLike, l2: float, l1: float
    ) -> StreamedObjective:
        """Return the objective on so many rows of windows, in a dtype."""
        X, y = windows.source.read(*windows.blocks[0])
        share = np.full(1, 1.0 / n_rows, dtype)
        T = net.targets(y[:1], 1, dtype)
        return cls(net, X[:1].astype(dtype), T, share, l2=l2, l1=l1, windows=windows, n_rows=n_rows)

    def job(self, *, dropping: bool, optimizer: str) -> CompiledJob:
        """Return what the compiled engine is given first, before there is a window."""
        return CompiledObjective.of(self).job(dropping=dropping, optimizer=optimizer)

    def of_rows(self, X: Array, y: Array) -> StreamedObjective:
        """Return the data loss of other rows, which are in memory."""
        rows, share = Window(X, y, np.arange(len(y))), np.full(1, 1.0 / len(y), self.X.dtype)
        return replace(self, shares=share, l2=0.0, l1=0.0, n_rows=len(y), rows=rows)

    def on(self, window: Window) -> Objective:
        """Return the objective on a window, whose rows have their shares of the whole."""
        X = np.ascontiguousarray(window.X, self.X.dtype)
        T = self.net.targets(window.y, len(X), X.dtype)
        part = Objective(self.net, X, T, np.full(len(X), self.shares[0]), l2=self.l2, l1=self.l1)
        return CompiledObjective.of(part) if self.is_compiled else part

    def parts(self) -> Iterator[Objective]:
        """Go through all rows in order, some at a time."""
        for window in self.windows.epoch(None) if self.rows is None else [self.rows]:
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

    def state(self) -> dict[str, Any]:
        """Return where the steps stand and what the optimizer remembers."""
        return _state(self, self._n_updates, self._state)

    def stand(self, kept: dict[str, Any]) -> None:
        """Stand where steps were kept, by either engine."""
        self.theta, self.finite_theta = kept["theta"], kept["finite_theta"]
        self._n_updates, self._seed = int(kept["updates"]), int(kept["seed"])
        self._state, self.average = kept["state"], kept["average"]


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

    def state(self) -> dict[str, Any]:
        """Return where the steps stand and what the optimizer remembers."""
        updates, t, _ = self._state.counts.tolist()
        recipe = cast("Recipe", self._optimizer.recipe)
        return _state(self, updates, as_state(recipe, self._state.first, self._state.second, t))

    def stand(self, kept: dict[str, Any]) -> None:
        """Stand where steps were kept, by either engine."""
        theta, before, average = kept["theta"].copy(), kept["finite_theta"].copy(), kept["average"]
        first, second, t = remembered(cast("Recipe", self._optimizer.recipe), kept["state"], theta)
        mean, count = (theta[:0], 0) if average is None else (average.theta.copy(), int(average.count))
        counts = np.array([int(kept["updates"]), t, count], np.int64)
        self._state = State(theta, np.zeros_like(theta), first, second, mean, counts)
        self._before, self._seed = before, int(kept["seed"])
        self.theta, self.finite_theta = theta.copy(), before.copy()


def _state(steps: Any, updates: int, remembered_state: Any) -> dict[str, Any]:
    """What both engines keep of their steps, an optimizer's state as the optimizer itself has it."""
    return {
        "theta": steps.theta,
        "finite_theta": steps.finite_theta,
        "updates": updates,
        "seed": steps._seed,
        "state": remembered_state,
        "average": steps.average,
    }


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
    """A run on a stream, whose accuracy is counted a window at a time, and which may be kept in a checkpoint."""

    checkpoint: KeepsTraining | None = None

    def keep_in(self, checkpoint: KeepsTraining, stop: Stop, **given: Any) -> None:
        """Keep the run after every epoch, and begin where it was kept; ``given`` are settings that it does not hold."""
        check_keepable(self.optimizer, stop)
        self.checkpoint, self._given, self._begins = checkpoint, {**given, "stop": stop}, True

    def _settings(self) -> dict[str, Any]:
        """By what the run is known; its rates are compared one by one, and it may be longer."""
        whole, recipe = cast("StreamedObjective", self.objective), cast("Recipe", self.optimizer.recipe)
        clip = self.steps.clip  # type: ignore[attr-defined]
        return {
            "kind": "Network",
            "network": whole.net,
            "optimizer": (recipe.name, *recipe.settings),
            "learning_rate": recipe.learning_rate if self.pace is None else type(self.optimizer.schedule).__name__,
            "batch_size": self.batch_size,
            "l2": whole.l2,
            "l1": whole.l1,
            "max_gradient_norm": clip,
            "average_from": self.average_from,
            **self._given,
            "data": f"{whole.windows.source.fingerprint()} {whole.windows.rows_of_window}",
        }

    def _epochs(self, shows: Callable[[int], bool], bar: ProgressBar | None = None) -> Iterator[Epoch]:
        """Train, and show those epochs that are to be shown; the last one that was kept is shown again."""
        with kept_in(self.checkpoint, self._settings):
            epoch = self._taken_up()
            if epoch is not None:
                if reason := self.rules.criterion(epoch):
                    return self.end("converged", reason)
                yield epoch
                if reason := self.rules.callback(epoch):
                    return self.end("stopped", reason)
            yield from super()._epochs(shows, bar)
        return None

    def _taken_up(self) -> Epoch | None:
        """Stand where the checkpoint was left, and return the epoch that was trained last; None for a new run."""
        if self.checkpoint is None or not self._begins:
            return None
        self._begins = False
        self.checkpoint.check(state_of(self, cast("Any", self.steps).generator))
        state = self.checkpoint.run()
        if state is None:
            return None
        stand(self, cast("Any", self.steps).generator, state, self.checkpoint.folder)
        losses, objectives = self.history["loss"], self.history["objective"]
        return self._look(self.done - 1, Evaluation(losses[-1], objectives[-1], self.theta[:0]))

    def _judge(self, epoch: Epoch) -> str | None:
        """Keep the run, and return why a rule ends it, if one does: a resumed run asks the same again."""
        if self.checkpoint is not None:
            state = state_of(self, cast("Any", self.steps).generator)
            self.checkpoint.keep_run(self.objective.net, self.theta, state)
        return super()._judge(epoch)

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
        return math.fsum(right) / whole.n_rows


def prepare_stream(
    net: Network,
    data: Stream,
    theta: npt.ArrayLike | None,
    l2: float,
    l1: float,
    generator: Generator,
    share: float | None,
) -> tuple[StreamedObjective, Array, StreamedObjective | None]:
    """Return the objective on a stream, the start, and the loss of the share of its rows that is held out."""
    check_network(net, "net, stream, batch_size=…")
    start = net.initial_theta(generator) if theta is None else as_theta(theta, net.n_parameters).copy()
    source = data.source
    if source.n_features != net.n_features:
        raise InvalidValue(f"The stream has {source.n_features} features, the network expects {net.n_features}.")
    if not np.isfinite(start).all():
        raise InvalidValue("theta holds NaN or infinity: training needs a finite start.")
    width = start.dtype.itemsize
    more = width * (net.n_outputs + 1) + width * source.n_features * (start.dtype != source.dtype)
    if share is None:
        return (
            StreamedObjective.over(net, Windows(source, data.memory, more), len(data), start.dtype, l2, l1),
            start,
            None,
        )
    windows = Windows(source, data.memory, more, HeldOut(check_number("validation", share, above=0, below=1), SPLIT))
    X, y = validation_rows(windows, data.memory)
    objective = StreamedObjective.over(net, windows, len(data) - len(y), start.dtype, l2, l1)
    return objective, start, objective.of_rows(X, y)
