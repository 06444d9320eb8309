"""An estimator's epochs and objective by the compiled engine, on scikit-learn's scale of loss and penalty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.kernels import codes
from chainrule.kernels.arguments import Batches, Log, State
from chainrule.network.compiled_objective import AS_THEY_STAND, NO_RULE, load_kernels, make_job, penalty_of
from chainrule.network.encoding import encode
from chainrule.training.averaging import Average
from chainrule.training.compiled_steps import as_state, remembered, rule_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.estimators.samples import Samples
    from chainrule.estimators.scaled_objective import PenalizedLoss
    from chainrule.maths.arrays import Array
    from chainrule.network.compiled_objective import CompiledJob
    from chainrule.training.optimizers import Recipe


class Standing(NamedTuple):
    """Where a descent stands: theta, the optimizer's state, the mean of parameters or None, updates made."""

    theta: Array
    state: Any
    average: Average | None
    updates: int


def job_of(
    loss: PenalizedLoss, samples: Samples, optimizer: str | None = None, largest: float | None = None
) -> CompiledJob:
    """Return loss and dense samples for the engine, whose kernels are ready.

    ``largest`` is the largest weight, of these samples if it is left out.
    """
    load_kernels(loss.net, samples.X.dtype, penalized=loss.alpha > 0, optimizer=optimizer)
    dtype, weight = samples.X.dtype, samples.weight
    if largest is None:
        largest = samples.largest_weight
    # to 1, for weights of any size have a place in float32
    weight = np.empty(0, dtype) if weight is None else (weight / largest).astype(dtype, copy=False)
    penalty = penalty_of(dtype, 0.5 * loss.alpha / largest, over_weight=True, told=loss.divisor)
    net = encode(loss.net, dtype, dropping=True)
    if epsilon := loss.epsilon(dtype):
        net = net._replace(parameter=epsilon)
    return make_job(net, samples.X, samples.T, weight, penalty)


def train_epoch(
    job: CompiledJob,
    began: Standing,
    recipe: Recipe,
    order: npt.NDArray[np.int64] | None,
    *,
    batch_size: int,
    clip: float | None,
    seed: int,
    averaging: bool,
) -> tuple[Standing, float, bool]:
    """Go once through the samples; return where it led, the reported loss, and whether loss and weights were finite.

    Nothing of what it is given changes.
    """
    theta, nothing = began.theta.copy(), began.theta[:0]
    first, second, t = remembered(recipe, began.state, theta)
    average, count = nothing, 0
    if averaging:
        average, count = np.zeros_like(theta), 0
        if began.average is not None:
            average, count = began.average.theta.copy(), began.average.count
    counts = np.array([began.updates, t, count], np.int64)
    state = State(theta, np.zeros_like(theta), first, second, average, counts)
    log = Log(np.zeros(1), np.zeros(1), np.zeros_like(theta), np.zeros(1))
    batches = Batches(AS_THEY_STAND if order is None else order, batch_size)
    rule = rule_of(recipe, theta.dtype, [recipe.learning_rate], clip=clip, averaging=averaging, seed=seed)
    _, _, ended = job.run(batches, rule, state, log)
    mean = Average(average, int(counts[2])) if averaging and counts[2] else began.average
    led = Standing(theta, as_state(recipe, first, second, int(counts[1])), mean, int(counts[0]))
    return led, float(log.objectives[0]), ended == codes.WELL


def measure_all(job: CompiledJob, theta: Array) -> tuple[float, Array]:
    """Return loss with penalty over all samples, and the gradient."""
    gradient, nothing = np.zeros_like(theta), theta[:0]
    state = State(theta, gradient, nothing, nothing, nothing, np.zeros(3, np.int64))
    log = Log(np.zeros(1), np.zeros(1), nothing, np.zeros(1))
    job.run(Batches(AS_THEY_STAND, job.n_samples), NO_RULE, state, log, "MEASURE")
    return float(log.objectives[0]), gradient
