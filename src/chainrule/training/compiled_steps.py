"""Steps by the compiled engine: the same contract as the textbook's, and many epochs in one call."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from chainrule.kernels import codes, library
from chainrule.kernels.arguments import Batches, Log, State, UpdateRule
from chainrule.network.compiled_objective import AS_THEY_STAND
from chainrule.network.encoding import work_of_a_row
from chainrule.network.objective import Evaluation
from chainrule.network.once import once
from chainrule.training.averaging import Average
from chainrule.training.steps import Block, mask_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.network.compiled_objective import CompiledObjective
    from chainrule.training.optimizers import Optimizer, Recipe

WORK_OF_A_BLOCK = 2 * 10**9  # operations, some hundredths of a second: Ctrl-C waits no longer
LONGEST_BLOCK = 2000  # epochs
LONGEST_ORDER = 10**6  # rows named in one block


def rule_of(
    recipe: Recipe, dtype: np.dtype[Any], rates: Sequence[float], *, clip: float | None, averaging: bool, seed: int
) -> UpdateRule:
    """Return an optimizer's recipe at these rates, one an epoch, for the engine."""
    return UpdateRule(
        update=library.address(recipe.name, dtype),
        settings=np.array(recipe.settings),
        shorten=0 if clip is None else library.address("shorten", dtype),
        clip=math.inf if clip is None else clip,
        include=library.address("include", dtype) if averaging else 0,
        learning_rates=np.array(rates, np.float64),
        seed=np.uint64(seed),
    )


def recipe_of(optimizer: Optimizer) -> Recipe | None:
    """Return the recipe of a built-in optimizer, None of your own."""
    recipe = optimizer.recipe
    if recipe is None or recipe.update is not optimizer.update:
        return None
    if optimizer.at_rate is not None:  # a schedule's: what it becomes must have one, too
        return recipe if recipe_of(optimizer.at_rate(recipe.learning_rate)) else None
    return recipe


def remembered(recipe: Recipe, state: Any, theta: Array) -> tuple[Array, Array, int]:
    """Return copies of what an optimizer remembers, as the engine keeps it: two arrays and Adam's t."""
    nothing = theta[:0]
    if recipe.name == "sgd":
        return nothing, nothing, 0
    if recipe.name == "adam":
        return state[1].copy(), state[2].copy(), state[0]
    return state.copy(), nothing, 0


def as_state(recipe: Recipe, first: Array, second: Array, t: int) -> Any:
    """Return what the engine kept as the optimizer's own state."""
    if recipe.name == "sgd":
        return None
    return (t, first, second) if recipe.name == "adam" else first


class CompiledSteps:
    """Steps by the compiled engine. Its arrays are its own: theta is handed out as a copy."""

    def __init__(
        self,
        objective: CompiledObjective,
        theta: Array,
        optimizer: Optimizer,
        generator: Generator,
        *,
        batch_size: int | None,
        clip: float | None,
    ) -> None:
        self.objective = objective
        self.generator = generator
        self.batch_size = batch_size
        self.clip = clip
        self._seed = mask_seed(objective, generator)
        recipe = optimizer.recipe
        assert recipe is not None, "The engine is chosen where there is a recipe."  # noqa: S101
        self._job = objective.job(dropping=True, optimizer=recipe.name)
        self._optimizer = optimizer
        first, second, t = remembered(recipe, optimizer.init(theta), theta)
        counts = np.array([0, t, 0], np.int64)
        self._state = State(theta.copy(), np.zeros_like(theta), first, second, theta[:0], counts)
        self._before = theta.copy()
        self.theta = self.finite_theta = theta

    @property
    def blocks(self) -> CompiledSteps:
        """Itself: it trains many epochs in one call."""
        return self

    @property
    def average(self) -> Average | None:
        """The mean of the parameters that were averaged."""
        count = int(self._state.counts[-1])
        return Average(self._state.average.copy(), count) if count else None

    def begin_epoch(self, optimizer: Optimizer, *, averaging: bool) -> None:
        """Take the optimizer at the epoch's rate, and whether parameters are averaged from here on."""
        self._optimizer = optimizer
        if averaging and not self._state.average.size:
            self._state = self._state._replace(average=np.zeros_like(self._state.theta))

    def measure(self) -> Evaluation:
        """Measure all samples at once."""
        log, *_ = self._run([self.rate], AS_THEY_STAND, "MEASURE")
        return Evaluation(float(log.losses[0]), float(log.objectives[0]), self._state.gradient)

    def update(self) -> None:
        """Move theta by what was measured last."""
        self.finite_theta = self.theta
        self._run([self.rate], AS_THEY_STAND, "ONLY_UPDATE")
        self.theta = self._state.theta.copy()

    def mini_batches(self) -> Evaluation:
        """Update once a batch; return the mean of what was measured on the way, or what was not finite."""
        block = self.block([self.rate])
        loss, objective = (block.losses[0], block.objectives[0]) if block.well else (math.nan, math.nan)
        return Evaluation(float(loss), float(objective), self._state.gradient)

    @property
    def rate(self) -> float:
        """The learning rate of the epoch that was begun last."""
        return cast("Recipe", self._optimizer.recipe).learning_rate

    @once
    def longest_block(self) -> int:
        """How many epochs are trained in one call: by their work alone, so that a run is the same every time."""
        n_samples = len(self.objective.X)
        work = n_samples * work_of_a_row(self._job.net)
        longest = LONGEST_BLOCK if self.batch_size is None else LONGEST_ORDER // n_samples
        if self._weightless:
            longest = 1  # it is not known how many updates an epoch has
        return max(1, min(WORK_OF_A_BLOCK // work, longest))

    def block(self, rates: Sequence[float]) -> Block:
        """Train one epoch a rate; on the whole data each is measured before its update.

        Where something was not finite, theta and ``finite_theta`` are the last at which all was.
        """
        arrays: list[npt.NDArray[Any]] = [array.copy() for array in self._state]
        self._began = _Began(arrays, stream_of(self.generator), list(rates))
        log, made, epoch, ended = self._run(rates, self._orders(len(rates)), "TRAIN")
        if ended == codes.WELL:
            self.theta, self.finite_theta = self._state.theta.copy(), self._before.copy()
            return Block(log.losses, log.objectives, well=True)
        if made == 0:
            self.theta = self.finite_theta = self._before.copy()
            set_stream(self.generator, self._began.stream)
            self._orders(epoch + 1)
        else:
            self._restore(made - 1, epoch + 1)
            self.finite_theta = self.theta
        whole = self.batch_size is None and ended == codes.UPDATED_NON_FINITE
        done = epoch + whole  # on the whole data it is seen when the next epoch is measured
        return Block(log.losses[:done], log.objectives[:done], well=False)

    def go_back(self, epochs: int) -> None:
        """Stand where so many epochs of the last block led."""
        batches = 1 if self.batch_size is None else -(-len(self.objective.X) // self.batch_size)
        self._restore(epochs * batches, epochs)

    def _restore(self, updates: int, epochs: int) -> None:
        """Begin the last block again and make so many of its updates, in the order of its first epochs."""
        arrays, stream, rates = self._began
        for array, was in zip(self._state, arrays, strict=True):
            array[:] = was
        set_stream(self.generator, stream)
        self._run(rates[:epochs] or rates[:1], self._orders(epochs), "TRAIN", limit=updates)
        self.theta = self._state.theta.copy()

    @once
    def _weightless(self) -> bool:
        """Whether a batch may weigh nothing, and bring no update."""
        return self.batch_size is not None and not bool(self.objective.shares.all())

    def _count_updates(self, orders: npt.NDArray[np.int64]) -> int:
        """Count the batches of one epoch that weigh something."""
        weighs = self.objective.shares[orders] > 0
        return int(np.logical_or.reduceat(weighs, np.arange(0, len(weighs), self.batch_size)).sum())

    def _orders(self, epochs: int) -> npt.NDArray[np.int64]:
        """Deal the samples anew for so many epochs."""
        if self.batch_size is None or not epochs:
            return AS_THEY_STAND
        n_samples = len(self.objective.X)
        return np.concatenate([self.generator.permutation(n_samples) for _ in range(epochs)]).astype(np.int64)

    def _run(
        self, rates: Sequence[float], orders: npt.NDArray[np.int64], mode: str, limit: int = -1
    ) -> tuple[Log, int, int, int]:
        averaging, recipe = self._state.average.size > 0, cast("Recipe", self._optimizer.recipe)
        dtype = self._state.theta.dtype
        rule = rule_of(recipe, dtype, rates, clip=self.clip, averaging=averaging, seed=self._seed)
        log = Log(np.zeros(len(rates)), np.zeros(len(rates)), self._before, np.zeros(1))
        batches = Batches(orders, self.batch_size or len(self.objective.X))
        if limit < 0 and self._weightless:
            limit = self._count_updates(orders)
        return log, *self._job.run(batches, rule, self._state, log, mode, limit=limit)


class _Began(NamedTuple):
    """Where a block began: the state's arrays, the generator's stream, and the rates of its epochs."""

    arrays: list[npt.NDArray[Any]]
    stream: Any
    rates: list[float]


def stream_of(generator: Generator) -> Any:
    """Return where a generator stands."""
    return generator.get_state() if isinstance(generator, np.random.RandomState) else generator.bit_generator.state


def set_stream(generator: Generator, stream: Any) -> None:
    """Let a generator stand there again."""
    if isinstance(generator, np.random.RandomState):
        generator.set_state(stream)
    else:
        generator.bit_generator.state = stream
