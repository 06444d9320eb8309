"""What the compiled engine is handed: flat arrays and codes, by name. Nothing here needs numba."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from chainrule.maths.arrays import Array

    Integers = npt.NDArray[np.int64]


class Net(NamedTuple):
    """A network of L layers: its sizes (L + 1), and of each layer the code of f, whether it has b, its dropout."""

    sizes: Integers
    largest: int  # entries of the largest W
    activations: Integers
    biases: Integers
    dropout: npt.NDArray[np.float64]  # of what enters each layer
    loss: int
    parameter: float  # of the loss: δ or q
    fused: bool  # output and loss are one function of Z


class Samples(NamedTuple):
    """X (n_samples × n_features), T (n_samples × n_outputs), both flat, and the samples' weights."""

    X: Array
    T: Array
    weight: Array


class Batches(NamedTuple):
    """Rows in the order of every epoch, one epoch behind the other, or empty: as they stand; samples of a batch."""

    orders: Integers
    size: int


class Penalty(NamedTuple):
    """l2 Σ W² + l1 Σ |W|; ``over_weight`` is scikit-learn's scale, told losses are divided by ``told``.

    On that scale l2 is divided by the weight of each batch, and batches count by their samples, not by their weight.
    """

    l2: float
    l1: float
    over_weight: bool
    told: float


class Rule(NamedTuple):
    """How a gradient moves theta: the optimizer, its settings, longest gradient, a rate an epoch, the masks' seed."""

    optimizer: int
    settings: npt.NDArray[np.float64]
    clip: float
    learning_rates: npt.NDArray[np.float64]
    seed: Any  # np.uint64


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

    losses: npt.NDArray[np.float64]
    objectives: npt.NDArray[np.float64]
    before: Array
