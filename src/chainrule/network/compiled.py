"""A network as the compiled engine takes it: codes and flat arrays; loss, gradient and outputs by its kernels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.kernels.arguments import Batches, Log, Net, Penalty, Rule, Samples, State
from chainrule.kernels.threads import matched_to
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES, HuberGradient, HuberValue, QuantileGradient, QuantileValue
from chainrule.network.objective import Evaluation, Objective

if TYPE_CHECKING:
    from types import ModuleType

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.losses import Loss
    from chainrule.network.dropout import Masks
    from chainrule.network.network import Network

WORK_OF_A_CALL = 2 * 10**10  # operations, some tenths of a second
AS_THEY_STAND = np.empty(0, np.int64)  # the order of samples that are not shuffled
NO_RULE = Rule(0, np.zeros(4), math.inf, np.zeros(1), np.uint64(0))  # of a pass that updates nothing


@cache
def engine() -> ModuleType:
    """Import the kernels, which loads numba; they are compiled when they are first used, once on a machine."""
    from chainrule.kernels import engine as kernels  # noqa: PLC0415  # numba takes half a second

    return kernels


def is_installed() -> bool:
    """Whether numba is there: not every machine has it."""
    return find_spec("numba") is not None


def parts_of_loss(loss: Loss) -> tuple[str, float] | None:
    """Return the name of a built-in loss without its parameter, and that; None for one of the user's own."""
    if isinstance(loss.value, HuberValue) and loss.gradient == HuberGradient(loss.value.delta):
        return "huber", loss.value.delta
    if isinstance(loss.value, QuantileValue) and loss.gradient == QuantileGradient(loss.value.q):
        return "quantile", loss.value.q
    return (loss.name, 0.0) if LOSSES.get(loss.name) == loss else None


def not_built_in(net: Network) -> str | None:
    """Name the part of a network that the compiled engine does not know, because it is the user's own."""
    for layer in net.layers:
        if ACTIVATIONS.get(layer.activation.name) != layer.activation:
            return f"the activation {layer.activation.name!r}"
    return None if parts_of_loss(net.loss) else f"the loss {net.loss.name!r}"


def encode(net: Network, *, dropping: bool) -> Net:
    """Return the network in the engine's codes, as it trains or, with nothing dropped, as it predicts.

    A network is never changed, so it keeps its codes: to look them up by its value takes longer than to predict a row.
    """
    kept: dict[bool, Net] = vars(net).setdefault("_codes", {})
    if dropping not in kept:
        kept[dropping] = _encode_anew(net, dropping=dropping)
    return kept[dropping]


def _encode_anew(net: Network, *, dropping: bool) -> Net:
    kernels, loss = engine(), parts_of_loss(net.loss)
    if loss is None:
        raise InvalidValue(f"The compiled engine does not know {not_built_in(net)}.")
    sizes = [net.n_features, *(layer.n_outputs for layer in net.layers)]
    return Net(
        np.array(sizes, np.int64),
        max(before * after for before, after in zip(sizes, sizes[1:], strict=False)),
        np.array([kernels.ACTIVATIONS[layer.activation.name] for layer in net.layers], np.int64),
        np.array([layer.bias for layer in net.layers], np.int64),
        np.array(net.dropout_rates, np.float64) if dropping else np.zeros(len(net.layers)),
        kernels.LOSSES[loss[0]],
        loss[1],
        net.fused is not None,
    )


def multiplications(net: Net, rows: int) -> int:
    """How many multiplications the largest matrix product over so many rows has."""
    return rows * net.largest


class _Alias:
    """An array's memory under another flag."""

    def __init__(self, array: npt.NDArray[Any]) -> None:
        self.array = array  # keeps the memory
        interface = dict(array.__array_interface__)
        interface["data"] = (interface["data"][0], False)
        self.__array_interface__ = interface


def flat(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """View an array as one row after the other; copied only where its rows do not stand like that in memory.

    What is read-only looks writable: to numba that is another type, and the kernels would be compiled a second time.
    None of them writes to what it is given to read.
    """
    if array.flags.carray:
        return array.reshape(-1)
    whole = np.require(array, requirements=["C", "A"]).reshape(-1)
    return whole if whole.flags.writeable else np.asarray(_Alias(whole))


def work_of_a_row(net: Net) -> int:
    """How many operations a row takes, forward and backward, and a transcendental function for ten."""
    return int(6 * (net.sizes[1:] @ net.sizes[:-1]) + 60 * net.sizes.sum())


@dataclass(frozen=True, eq=False)
class Job:
    """A network, samples and penalties, ready for the compiled engine."""

    net: Net
    samples: Samples
    penalty: Penalty

    def run(
        self, batches: Batches, rule: Rule, state: State, log: Log, mode: str = "TRAIN", *, limit: int = -1
    ) -> tuple[int, int, int]:
        """Run the kernel (``kernels.engine.run``); return how many updates it made, its last epoch, and its end.

        It is called for a part of a second at a time, so that Ctrl-C need not wait for the end of a long epoch.
        """
        kernels, n_samples = engine(), len(self.samples.weight)
        rows = min(batches.size, n_samples)
        arguments = (kernels.BLAS[state.theta.dtype], self.net, self.samples, batches, self.penalty, rule, state, log)
        most = max(1, WORK_OF_A_CALL // (rows * work_of_a_row(self.net)))
        n_batches, made, step = -(-n_samples // batches.size), 0, 0
        with matched_to(multiplications(self.net, rows)):
            while True:
                part = most if limit < 0 else min(most, limit - made)
                more, step, ended = kernels.run(*arguments, step, part, getattr(kernels, mode))
                made += more
                if more < part or made == limit or ended != kernels.WELL or mode != "TRAIN":
                    return made, min(step // n_batches, len(rule.learning_rates) - 1), ended


def make_job(net: Net, X: Array, T: Array, weight: Array, penalty: Penalty) -> Job:
    """Return the job of a network on samples: X (n, n_features), T (n, n_outputs), weight (n,), in one dtype."""
    return Job(net, Samples(flat(X), flat(T), flat(weight)), penalty)


def predict(net: Network, theta: Array, X: Array) -> Array:
    """Return the outputs for X, (n_samples, n_outputs), by the compiled engine."""
    kernels, encoded = engine(), encode(net, dropping=False)
    Y = np.empty((len(X), net.n_outputs), theta.dtype)
    with matched_to(multiplications(encoded, len(X))):
        kernels.predict(kernels.BLAS[theta.dtype], encoded, flat(theta), flat(X), Y.reshape(-1))
    return Y


class CompiledObjective(Objective):
    """The same objective, evaluated by the compiled engine, in slices of rows."""

    @classmethod
    def of(cls, objective: Objective) -> CompiledObjective:
        """Return an objective for the compiled engine."""
        given = objective
        return cls(given.net, given.X, given.T, given.shares, l2=given.l2, l1=given.l1)

    def job(self, *, dropping: bool = False) -> Job:
        """Itself, for the engine."""
        penalty = Penalty(self.l2, self.l1, over_weight=False, told=1.0)
        return make_job(encode(self.net, dropping=dropping), self.X, self.T, self.shares, penalty)

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

    @cached_property
    def _job(self) -> Job:
        return self.job()

    def _measure(self, theta: Array, gradient: Array, mode: str) -> Evaluation:
        nothing = np.empty(0, theta.dtype)
        state = State(flat(theta), gradient, nothing, nothing, nothing, np.zeros(3, np.int64))
        log = Log(np.zeros(1), np.zeros(1), nothing)
        self._job.run(Batches(AS_THEY_STAND, len(self.X)), NO_RULE, state, log, mode)
        return Evaluation(float(log.losses[0]), float(log.objectives[0]), gradient)
