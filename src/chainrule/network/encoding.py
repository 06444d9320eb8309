"""A network as the compiled engine takes it: codes, flat arrays, and where everything stands in them."""

from __future__ import annotations

import os
import sys
import weakref
from functools import cache, partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.kernels import codes, library
from chainrule.kernels.arguments import Net
from chainrule.kernels.blas import gemm
from chainrule.kernels.entry import check_array
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES
from chainrule.maths.parametrized_losses import HuberGradient, HuberValue, QuantileGradient, QuantileValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.maths.loss import Loss
    from chainrule.network.architecture import Architecture

SLICE = 1792 * 1024  # bytes of activations and errors that a slice of rows may take: about a core's L2 cache
FEWEST, MOST = 32, 1024  # rows of a slice


@cache
def lacking() -> str | None:
    """Say what the compiled engine lacks on this machine, as the begin of a sentence; None where it can work."""
    if find_spec("numba") is None:
        return "Library numba is missing (pip install numba)"
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return "numba compiles nothing under NUMBA_DISABLE_JIT (unset it)"
    if sys.byteorder == "big":
        return "The compiled engine is for little-endian processors"
    return library.trouble()


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
    kept = kept_of(net)
    if (dtype, dropping) not in kept:
        kept[dtype, dropping] = _encode_anew(net, dtype, dropping=dropping)
    return kept[dtype, dropping]  # type: ignore[no-any-return]


def kept_of(net: Architecture) -> dict[Any, Any]:
    """Return what is kept of a network in this process."""
    found = _kept.get(id(net))
    if found is None or found[0]() is not net:
        found = _kept[id(net)] = weakref.ref(net, partial(_forget, id(net))), {}
    return found[1]


_kept: dict[int, tuple[weakref.ref[Architecture], dict[Any, Any]]] = {}


def _forget(number: int, _network: weakref.ref[Architecture]) -> None:
    _kept.pop(number, None)


def kernels_of(net: Architecture) -> list[str]:
    """Return the names of the kernels that compute a network: its loss, passes and activations."""
    loss = parts_of_loss(net.loss)
    if loss is None:
        raise InvalidValue(f"The compiled engine does not know {not_built_in(net)}.")
    pairs = [codes.ACTIVATIONS[layer.activation.name] for layer in net.layers]
    of_loss = "any_loss" if net.fused is None else codes.FUSED[loss[0]]
    in_layers = [name for pair in pairs for name in pair]
    return [of_loss, "forward", "backward", *in_layers, *(["drop"] if net.has_dropout else [])]


def _encode_anew(net: Architecture, dtype: np.dtype[Any], *, dropping: bool) -> Net:
    of_loss, *in_layers = kernels_of(net)
    library.load([of_loss, *in_layers], dtype)
    code, parameter = parts_of_loss(net.loss) or ("", 0.0)
    sizes = [net.n_features, *(layer.n_outputs for layer in net.layers)]
    names = [layer.activation.name for layer in net.layers]
    pairs = [[library.address(one, dtype) for one in codes.ACTIVATIONS[name]] for name in names]
    drops = dropping and net.has_dropout
    return Net(
        forward_pass=library.address("forward", dtype),
        backward_pass=library.address("backward", dtype),
        gemm=gemm(dtype),
        sizes=np.array(sizes, np.int64),
        places=lay_out(net, dropping=drops, keeps_inputs=[name in codes.KEEPING_INPUTS for name in names]),
        forward=np.array([forward for forward, _ in pairs], np.int64),
        backward=np.array([backward for _, backward in pairs], np.int64),
        keeps_inputs=np.array([name in codes.KEEPING_INPUTS for name in names], np.int64),
        biases=np.array([layer.bias for layer in net.layers], np.int64),
        dropout=np.array(net.dropout_rates, np.float64) if drops else np.zeros(len(net.layers)),
        drop=library.address("drop", dtype) if drops else 0,
        loss=library.address(of_loss, dtype),
        code=codes.LOSSES[code],
        parameter=parameter,
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


def width_of(net: Net) -> int:
    """How many numbers of the workspace a row takes."""
    return int(net.places[4, 4])


def most_rows_of_slice(width: int, itemsize: int) -> int:
    """How many rows are walked at once at most: as many as stay in cache."""
    return min(max(SLICE // (itemsize * width), FEWEST), MOST)


def rows_of_slice(most: int, rows: int) -> int:
    """How many rows are walked at once: at most so many, in slices of about the same length."""
    return -(-rows // -(-rows // most)) if rows > most else max(rows, 1)


def multiplications_of_a_row(net: Net) -> int:
    """How many multiplications a row takes in the largest matrix product."""
    return int((net.sizes[1:] * net.sizes[:-1]).max())


def in_memory(name: str, array: npt.NDArray[Any], dtype: np.dtype[Any], size: int) -> npt.NDArray[Any]:
    """Return an array as kernels read it, itself where it is; refuse what is not ``size`` numbers of ``dtype``."""
    if array.dtype == dtype and array.size == size and array.flags.carray:
        return array
    array = flat(array)
    check_array(name, array, dtype, size)
    return array


class _Alias:
    """An array's memory under another flag."""

    def __init__(self, array: npt.NDArray[Any]) -> None:
        self.array = array  # keeps the memory
        interface = dict(array.__array_interface__)
        interface["data"] = (interface["data"][0], False)
        self.__array_interface__ = interface


def flat(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """View an array as one row after the other; copied only where its rows do not stand like that in memory.

    What is read-only looks writable, as whatever is handed to the kernels must be. None of them writes to what it is
    given to read.
    """
    if array.flags.carray:
        return array.reshape(-1)
    whole = np.require(array, requirements=["C", "A"]).reshape(-1)
    return whole if whole.flags.writeable else np.asarray(_Alias(whole))


def work_of_a_row(net: Net) -> int:
    """How many operations a row takes, forward and backward, and a transcendental function for ten."""
    return int(6 * (net.sizes[1:] @ net.sizes[:-1]) + 60 * net.sizes.sum())
