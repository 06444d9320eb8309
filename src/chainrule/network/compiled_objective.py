"""Loss, gradient and outputs of a network by the compiled engine's kernels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.kernels import codes, library
from chainrule.kernels.arguments import (
    Batches,
    Log,
    Net,
    Part,
    PenaltyTerms,
    SampleArrays,
    State,
    UpdateRule,
    words,
    words_of_prediction,
)
from chainrule.kernels.entry import check_run, n_parameters
from chainrule.kernels.threads import ALONE, matched_to
from chainrule.network.encoding import (
    encode,
    flat,
    in_memory,
    kept_of,
    kernels_of,
    most_rows_of_slice,
    multiplications_of_a_row,
    rows_of_slice,
    width_of,
    work_of_a_row,
)
from chainrule.network.objective import Evaluation, Objective
from chainrule.network.once import once

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.network.architecture import Architecture
    from chainrule.network.dropout import Masks

WORK_OF_A_CALL = 2 * 10**10  # operations, some tenths of a second
AS_THEY_STAND = np.empty(0, np.int64)  # the order of samples that are not shuffled
NO_RULE = UpdateRule(0, np.zeros(4), 0, math.inf, 0, np.zeros(1), np.uint64(0))  # of a pass that updates nothing


@dataclass(frozen=True, eq=False)
class CompiledJob:
    """A network, samples and penalties, ready for the compiled engine."""

    net: Net
    samples: SampleArrays
    penalty: PenaltyTerms

    def run(
        self, batches: Batches, rule: UpdateRule, state: State, log: Log, mode: str = "TRAIN", *, limit: int = -1
    ) -> tuple[int, int, int]:
        """Run the kernel (``kernels.engine.run``); return how many updates it made, its last epoch, and its end.

        It is called for a part of a second at a time, so that Ctrl-C need not wait for the end of a long epoch.
        """
        check_run(self.net, self.samples, batches, self.penalty, rule, state, log, mode)
        known, dtype, orders = self.n_samples, state.theta.dtype, batches.orders
        n_samples = len(orders) // len(rule.learning_rates) if len(orders) else known  # of an epoch
        rows, (width, multiplications, work_of_a_row) = min(batches.size, n_samples), self._costs
        height = rows_of_slice(most_rows_of_slice(width, dtype.itemsize), rows)
        work, told = np.empty(height * width + rows, dtype), np.zeros(3, np.int64)
        table = b"".join((self._words, words(batches), words(rule), words(state), words(log)))
        most = max(1, WORK_OF_A_CALL // (rows * work_of_a_row))
        n_batches, made, step = -(-n_samples // batches.size), 0, 0
        with matched_to(height * multiplications):
            while True:
                limit_here = most if limit < 0 else min(most, limit - made)
                part = Part(work, height, step, limit_here, getattr(codes, mode), told)
                library.call("run", dtype, table, part)
                more, step, ended = told.tolist()
                made += more
                if ended == codes.NO_SUCH_SAMPLE:
                    raise InvalidValue(f"The order of the samples must name samples from 0 to {known - 1} alone.")
                if more < limit_here or made == limit or ended != codes.WELL or mode != "TRAIN":
                    return made, min(step // n_batches, len(rule.learning_rates) - 1), ended

    @property
    def n_samples(self) -> int:
        """How many samples there are."""
        return len(self.samples.T) // int(self.net.sizes[-1])

    @once
    def _costs(self) -> tuple[int, int, int]:
        """What a row takes of the workspace, of the largest product, and of all work."""
        return width_of(self.net), multiplications_of_a_row(self.net), work_of_a_row(self.net)

    @once
    def _words(self) -> bytes:
        """What is the same in every call, as the kernels read it."""
        return words(self.net) + words(self.samples) + words(self.penalty)


def load_kernels(net: Architecture, dtype: np.dtype[Any], *, penalized: bool, optimizer: str | None) -> None:
    """Have all kernels of a run ready, compiled at once if they are not in the cache."""
    others = [name for name, needed in (("penalize", penalized), (optimizer, optimizer)) if needed and name]
    library.load(["run", *kernels_of(net), *others], dtype)


def penalty_of(
    dtype: np.dtype[Any], l2: float, l1: float = 0.0, *, over_weight: bool = False, told: float = 1.0
) -> PenaltyTerms:
    """Return penalties, whose kernel is compiled if there are any."""
    place = library.address("penalize", dtype) if l2 or l1 else 0
    return PenaltyTerms(place, l2, l1, over_weight, told)


def make_job(net: Net, X: Array, T: Array, weight: Array, penalty: PenaltyTerms) -> CompiledJob:
    """Return the job of a network on X (n, n_features), T (n, n_outputs) and weights (n,) or none, in one dtype."""
    return CompiledJob(net, SampleArrays(flat(X), flat(T), flat(weight)), penalty)


def predict(net: Architecture, theta: Array, X: Array) -> Array:
    """Return the outputs for X, (n_samples, n_outputs), by the compiled engine."""
    kept, key = kept_of(net), ("predictor", theta.dtype)
    predictor = kept.get(key)
    if predictor is None:
        predictor = kept[key] = Predictor(net, theta.dtype)
    outputs: Array = predictor(theta, X)
    return outputs


class Predictor:
    """What is the same whenever a network predicts in a dtype: to reckon it takes longer than to predict a row."""

    def __init__(self, net: Architecture, dtype: np.dtype[Any]) -> None:
        library.load(["predict", *kernels_of(net)], dtype)
        self.dtype, self.n_outputs = dtype, net.n_outputs
        self.net = encode(net, dtype, dropping=False)
        self.words, self.width = words(self.net), width_of(self.net)
        self.most = most_rows_of_slice(self.width, dtype.itemsize)
        self.multiplications = multiplications_of_a_row(self.net)
        self.sizes = n_parameters(self.net), net.n_features

    def __call__(self, theta: Array, X: Array) -> Array:
        """Return the outputs for X, (n_samples, n_outputs)."""
        n_rows, (n_parameters, n_features), dtype = len(X), self.sizes, self.dtype
        theta, X = in_memory("theta", theta, dtype, n_parameters), in_memory("X", X, dtype, n_rows * n_features)
        Y = np.empty((n_rows, self.n_outputs), dtype)
        height = rows_of_slice(self.most, n_rows)
        work = np.empty(height * self.width, dtype)
        table = self.words + words_of_prediction(theta, X, Y, work, height)
        if height * self.multiplications <= ALONE:  # a context would take longer than a row
            library.call_with_words("predict", dtype, table)
        else:
            with matched_to(height * self.multiplications):
                library.call_with_words("predict", dtype, table)
        return Y


class CompiledObjective(Objective):
    """The same objective, evaluated by the compiled engine, in slices of rows."""

    @classmethod
    def of(cls, objective: Objective) -> CompiledObjective:
        """Return an objective for the compiled engine."""
        given = objective
        return cls(given.net, given.X, given.T, given.shares, l2=given.l2, l1=given.l1)

    def job(self, *, dropping: bool = False, optimizer: str | None = None) -> CompiledJob:
        """Return what the compiled engine is given: this network, these samples and this penalty."""
        load_kernels(self.net, self.X.dtype, penalized=bool(self.l2 or self.l1), optimizer=optimizer)
        net = encode(self.net, self.X.dtype, dropping=dropping)
        penalty = penalty_of(self.X.dtype, self.l2, self.l1)
        return make_job(net, self.X, self.T, self.shares, penalty)

    def astype(self, dtype: npt.DTypeLike) -> Objective:
        """Return the same objective with its data in another dtype; itself if they are already."""
        return self if self.X.dtype == dtype else CompiledObjective.of(super().astype(dtype))

    def evaluate(self, theta: Array, masks: Masks = ()) -> Evaluation:
        """Return loss, objective and gradient of one pass at theta, without its outputs."""
        return self._measure(theta, np.zeros_like(theta), "MEASURE") if not masks else super().evaluate(theta, masks)

    def loss(self, theta: Array) -> float:
        """Return the data loss at theta, by a forward pass alone."""
        return self._measure(theta, theta[:0], "VALUE").loss

    def outputs(self, theta: Array) -> Array:
        """Return the outputs of all samples at theta."""
        return predict(self.net, theta, self.X)

    @once
    def _job(self) -> CompiledJob:
        return self.job()

    def _measure(self, theta: Array, gradient: Array, mode: str) -> Evaluation:
        nothing = np.empty(0, theta.dtype)
        state = State(flat(theta), gradient, nothing, nothing, nothing, np.zeros(3, np.int64))
        log = Log(np.zeros(1), np.zeros(1), nothing, np.zeros(1))
        self._job.run(Batches(AS_THEY_STAND, len(self.X)), NO_RULE, state, log, mode)
        return Evaluation(float(log.losses[0]), float(log.objectives[0]), gradient)
