"""What the compiled engine is handed: flat arrays and codes, by name, and how they are laid out in a table of words.

What a field is annotated with says what it is to the kernels, ``Array`` in the run's dtype. Nothing here needs numba.
"""

from __future__ import annotations

import ctypes
from functools import cache
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.maths.arrays import Array

    Integers = npt.NDArray[np.int64]
    Table = npt.NDArray[np.int64]  # (rows, columns)
    Floats = npt.NDArray[np.float64]
    Word = np.uint64


class Net(NamedTuple):
    """A network of L layers: its sizes (L + 1), and the addresses of what computes it in its dtype."""

    forward_pass: int  # addresses of the kernels that walk through its layers
    backward_pass: int
    gemm: int
    sizes: Integers
    places: Table  # the table of places in the workspace, see ``network.encoding.lay_out``
    forward: Integers  # (L,) addresses of the activations
    backward: Integers
    keeps_inputs: Integers  # whether a derivative needs Z
    biases: Integers  # whether there is one
    dropout: Floats  # of what enters each layer
    drop: int
    loss: int
    code: int  # of the loss
    parameter: float  # of the loss: δ, q, or ε if it clips
    fused: bool  # output and loss are one function of Z


class SampleArrays(NamedTuple):
    """X (n_samples × n_features), T (n_samples × n_outputs), both flat, and the samples' weights, none for ones."""

    X: Array
    T: Array
    weight: Array


class Batches(NamedTuple):
    """Rows in the order of every epoch, all of them or some, one epoch after the other; empty: as they stand. Size."""

    orders: Integers
    size: int


class PenaltyTerms(NamedTuple):
    """l2 Σ W² + l1 Σ |W|; ``over_weight`` is scikit-learn's scale, told losses are divided by ``told``.

    On that scale l2 is divided by the weight of each batch, and batches count by their samples, not by their weight.
    """

    penalize: int
    l2: float
    l1: float
    over_weight: bool
    told: float


class UpdateRule(NamedTuple):
    """How a gradient moves theta; the addresses of what is not done are 0."""

    update: int
    settings: Floats  # of the optimizer's recipe
    shorten: int
    clip: float
    include: int  # into the average
    learning_rates: Floats  # one an epoch
    seed: Word  # of the masks


class State(NamedTuple):
    """What a run moves, in place: theta, its gradient, what the optimizer remembers, the mean of parameters or none."""

    theta: Array
    gradient: Array
    first: Array
    second: Array
    average: Array
    counts: Integers


class Log(NamedTuple):
    """What a run writes: losses and objectives, one an epoch, and theta before the last update."""

    losses: Floats
    objectives: Floats
    before: Array
    value: Floats  # (1,) for the kernels to add to


class Part(NamedTuple):
    """A part of a run: where it works, from which step on, how many updates, in which mode; and what it tells.

    ``told`` is three numbers: the updates made, the step it ended at, and how (``codes``).
    """

    work: Array
    height: int
    first_step: int
    limit: int
    mode: int
    told: Integers


class Prediction(NamedTuple):
    """What a network is to predict: Y (n_samples × n_outputs) for X, both flat, in slices of so many rows."""

    theta: Array
    X: Array
    Y: Array
    work: Array
    height: int


class Exponentials(NamedTuple):
    """An array and the place for e to the power of each entry."""

    x: Array
    out: Array


ENTRIES: dict[str, tuple[type, ...]] = {
    "run": (Net, SampleArrays, PenaltyTerms, Batches, UpdateRule, State, Log, Part),
    "predict": (Net, Prediction),
    "exp_array": (Exponentials,),
}  # the kernels that Python calls, and what it hands them

# --- the table of words ---------------------------------------------------------------------------------------------

WORDS = {"int": "q", "bool": "q", "Word": "Q", "float": "d", "Table": "QQQ"}  # an array: its address and its shape
_memory, _address = (ctypes.c_char * 0).from_buffer, ctypes.addressof


@cache
def kinds(cls: type) -> tuple[str, ...]:
    """Return what each field of such a tuple is.

    >>> kinds(Exponentials)
    ('Array', 'Array')
    """
    return tuple(kind.__forward_arg__ for kind in cls.__annotations__.values())


@cache
def _struct(cls: type) -> Struct:
    return Struct("=" + "".join(WORDS.get(kind, "QQ") for kind in kinds(cls)))


def words(given: NamedTuple) -> bytes:
    """Write a tuple as words of 64 bits. Its arrays must be writable, and live as long as the words are read."""
    numbers: list[Any] = []
    values: tuple[Any, ...] = given
    for value in values:
        if isinstance(value, np.ndarray):
            memory: Any = value
            numbers.append(_address(_memory(memory)))  # a third of the time of .ctypes.data
            numbers += value.shape
        else:
            numbers.append(value)
    cls: type = type(given)
    return _struct(cls).pack(*numbers)


def words_of_prediction(theta: Any, X: Any, Y: Any, work: Any, height: int) -> bytes:
    """Write a ``Prediction`` as words, in half of the time: that is what the prediction of a row consists of.

    >>> one = np.zeros(1)
    >>> words_of_prediction(one, one, one, one, 1) == words(Prediction(one, one, one, one, 1))
    True
    """
    return _pack_prediction(
        _address(_memory(theta)),
        theta.size,
        _address(_memory(X)),
        X.size,
        _address(_memory(Y)),
        Y.size,
        _address(_memory(work)),
        work.size,
        height,
    )


_pack_prediction = _struct(Prediction).pack
