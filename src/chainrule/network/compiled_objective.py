"""A network as the compiled engine takes it: codes and flat arrays; loss, gradient and outputs by its kernels."""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.kernels.arguments import Batches, Log, Net, Penalty, Rule, Samples, State
from chainrule.kernels.entry import check_predict, check_run
from chainrule.kernels.threads import matched_to
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES, HuberGradient, HuberValue, QuantileGradient, QuantileValue
from chainrule.network.objective import Evaluation, Objective

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.losses import Loss
    from chainrule.network.architecture import Architecture
    from chainrule.network.dropout import Masks

SLICE = 1792 * 1024  # bytes of activations and errors that a slice of rows may take: about a core's L2 cache
FEWEST, MOST = 32, 1024  # rows of a slice
WORK_OF_A_CALL = 2 * 10**10  # operations, some tenths of a second
AS_THEY_STAND = np.empty(0, np.int64)  # the order of samples that are not shuffled
NO_RULE = Rule(0, np.zeros(4), 0, math.inf, 0, np.zeros(1), np.uint64(0))  # of a pass that updates nothing


@cache
def engine() -> ModuleType:
    """Import the kernels, which loads numba; they are compiled when they are first used, once on a machine."""
    from chainrule.kernels import engine as kernels  # noqa: PLC0415  # numba takes half a second

    return kernels


@cache
def lacking() -> str | None:
    """Say what the compiled engine lacks on this machine, as the begin of a sentence; None where it can work."""
    if find_spec("numba") is None:
        return "Library numba is missing (pip install numba)"
    import numba  # noqa: PLC0415  # asked for where it is about to be used

    settings: Any = numba.config
    return "numba compiles nothing under NUMBA_DISABLE_JIT (unset it)" if settings.DISABLE_JIT else None


def parts_of_loss(loss: Loss) -> tuple[str, float] | None:
    """Return the name of a built-in loss without its parameter, and that; None for one of the user's own."""
    if isinstance(loss.value, HuberValue) and loss.gradient == HuberGradient(loss.value.delta):
        return "huber", loss.value.delta
    if isinstance(loss.value, QuantileValue) and loss.gradient == QuantileGradient(loss.value.q):
        return "quantile", loss.value.q
    return (loss.name, 0.0) if LOSSES.get(loss.name) == loss else None


def not_built_in(net: Architecture) -> str | None:
    """Name the part of a network that the compiled engine does not know, because it is the user's own."""
    for layer in net.layers:
        if ACTIVATIONS.get(layer.activation.name) != layer.activation:
            return f"the activation {layer.activation.name!r}"
    return None if parts_of_loss(net.loss) else f"the loss {net.loss.name!r}"


def encode(net: Architecture, dtype: np.dtype[Any], *, dropping: bool) -> Net:
    """Return the network as it trains or, with nothing dropped, as it predicts; its kernels are compiled if need be.

    A network is never changed, so what it is to the engine is kept, for this process, as long as there is that network:
    to look it up by its value takes longer than to predict a row.
    """
    alive, kept = _encoded.get(id(net), (None, {}))
    if alive is None or alive() is not net:
        kept = {}
        _encoded[id(net)] = weakref.ref(net, partial(_forget, id(net))), kept
    if (dtype, dropping) not in kept:
        kept[dtype, dropping] = _encode_anew(net, dtype, dropping=dropping)
    return kept[dtype, dropping]


_encoded: dict[int, tuple[weakref.ref[Architecture], dict[tuple[np.dtype[Any], bool], Net]]] = {}


def _forget(number: int, _network: weakref.ref[Architecture]) -> None:
    _encoded.pop(number, None)


def _encode_anew(net: Architecture, dtype: np.dtype[Any], *, dropping: bool) -> Net:
    kernels, loss = engine(), parts_of_loss(net.loss)
    if loss is None:
        raise InvalidValue(f"The compiled engine does not know {not_built_in(net)}.")
    sizes = [net.n_features, *(layer.n_outputs for layer in net.layers)]
    names = [layer.activation.name for layer in net.layers]
    pairs = [[kernels.address(one, dtype) for one in kernels.ACTIVATIONS[name]] for name in names]
    drops = dropping and net.has_dropout
    return Net(
        sizes=np.array(sizes, np.int64),
        places=lay_out(net, dropping=drops, keeps_inputs=[name in kernels.KEEPING_INPUTS for name in names]),
        forward=np.array([forward for forward, _ in pairs], np.int64),
        backward=np.array([backward for _, backward in pairs], np.int64),
        keeps_inputs=np.array([name in kernels.KEEPING_INPUTS for name in names], np.int64),
        biases=np.array([layer.bias for layer in net.layers], np.int64),
        dropout=np.array(net.dropout_rates, np.float64) if drops else np.zeros(len(net.layers)),
        drop=kernels.address(kernels.drop, dtype) if drops else 0,
        loss=kernels.address(kernels.any_loss if net.fused is None else kernels.FUSED[loss[0]], dtype),
        code=kernels.LOSSES[loss[0]],
        parameter=loss[1],
        fused=net.fused is not None,
    )


def lay_out(net: Architecture, *, dropping: bool, keeps_inputs: Sequence[bool]) -> npt.NDArray[np.int64]:
    """Return where everything stands in the workspace of a slice, in numbers a row.

    A column for the inputs and each layer's outputs; rows for A, for Z where it is needed again, for the dropout mask
    and A ⊙ mask (A again where nothing is dropped); then T, two errors, the shares and the end; then W in theta.
    """
    sizes = [net.n_features, *(layer.n_outputs for layer in net.layers)]
    dropped = [dropping and rate > 0 for rate in (*net.dropout_rates, 0.0)]
    kept = [False, *keeps_inputs]
    places = np.zeros((6, max(len(sizes), 5)), np.int64)
    at = 0
    for l, size in enumerate(sizes):  # noqa: E741  # l is the layer in every text
        places[:4, l] = at
        at += size
        if kept[l]:
            places[1, l] = at
            at += size
        if dropped[l]:
            places[2:4, l] = at, at + size
            at += 2 * size
    places[4, :5] = np.cumsum([at, sizes[-1], max(sizes[1:]), max(sizes[1:]), 1])
    blocks = [(n_in + layer.bias) * layer.n_outputs for n_in, layer in zip(sizes, net.layers, strict=False)]
    places[5, 1 : len(sizes)] = np.cumsum(blocks)
    return places


def rows_of_slice(net: Net, rows: int, itemsize: int) -> int:
    """How many rows are walked at once: as many as stay in cache, in slices of about the same length."""
    most = min(max(SLICE // (itemsize * int(net.places[4, 4])), FEWEST), MOST)
    return -(-rows // -(-rows // most)) if rows > most else max(rows, 1)


def multiplications(net: Net, rows: int) -> int:
    """How many multiplications the largest matrix product over so many rows has."""
    return rows * int((net.sizes[1:] * net.sizes[:-1]).max())


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
        check_run(self.net, self.samples, batches, self.penalty, rule, state, log, mode)
        kernels, n_samples = engine(), len(self.samples.weight)
        rows = min(batches.size, n_samples)
        dtype = state.theta.dtype
        height = rows_of_slice(self.net, rows, dtype.itemsize)
        work = np.empty(height * int(self.net.places[4, 4]) + rows, dtype)
        given = (self.net, self.samples, batches, self.penalty, rule, state, log, work, height)
        most = max(1, WORK_OF_A_CALL // (rows * work_of_a_row(self.net)))
        n_batches, made, step = -(-n_samples // batches.size), 0, 0
        with matched_to(multiplications(self.net, height)):
            while True:
                part = most if limit < 0 else min(most, limit - made)
                more, step, ended = kernels.run(kernels.BLAS[dtype], *given, step, part, getattr(kernels, mode))
                made += more
                if ended == kernels.NO_SUCH_SAMPLE:
                    raise InvalidValue(f"The order of the samples must name samples from 0 to {n_samples - 1} alone.")
                if more < part or made == limit or ended != kernels.WELL or mode != "TRAIN":
                    return made, min(step // n_batches, len(rule.learning_rates) - 1), ended


def penalty_of(
    dtype: np.dtype[Any], l2: float, l1: float = 0.0, *, over_weight: bool = False, told: float = 1.0
) -> Penalty:
    """Return penalties, whose kernel is compiled if there are any."""
    kernels = engine()
    return Penalty(kernels.address(kernels.penalize, dtype) if l2 or l1 else 0, l2, l1, over_weight, told)


def make_job(net: Net, X: Array, T: Array, weight: Array, penalty: Penalty) -> Job:
    """Return the job of a network on samples: X (n, n_features), T (n, n_outputs), weight (n,), in one dtype."""
    return Job(net, Samples(flat(X), flat(T), flat(weight)), penalty)


def predict(net: Architecture, theta: Array, X: Array) -> Array:
    """Return the outputs for X, (n_samples, n_outputs), by the compiled engine."""
    kernels, encoded = engine(), encode(net, theta.dtype, dropping=False)
    dtype, Y = theta.dtype, np.empty((len(X), net.n_outputs), theta.dtype)
    height = rows_of_slice(encoded, len(X), dtype.itemsize)
    given = flat(theta), flat(X), Y.reshape(-1), np.empty(height * int(encoded.places[4, 4]), dtype)
    check_predict(encoded, *given, height)
    with matched_to(multiplications(encoded, height)):
        kernels.predict(kernels.BLAS[dtype], encoded, *given, height)
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

    @cached_property
    def _job(self) -> Job:
        return self.job()

    def _measure(self, theta: Array, gradient: Array, mode: str) -> Evaluation:
        nothing = np.empty(0, theta.dtype)
        state = State(flat(theta), gradient, nothing, nothing, nothing, np.zeros(3, np.int64))
        log = Log(np.zeros(1), np.zeros(1), nothing, np.zeros(1))
        self._job.run(Batches(AS_THEY_STAND, len(self.X)), NO_RULE, state, log, mode)
        return Evaluation(float(log.losses[0]), float(log.objectives[0]), gradient)
