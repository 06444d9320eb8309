"""What the compiled engine is handed: flat arrays and codes, by name. Nothing here needs numba."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from chainrule.maths.arrays import Array

    Integers = npt.NDArray[np.int64]


class Net(NamedTuple):
    """A network of L layers: its sizes (L + 1), and the addresses of the kernels that compute it in its dtype."""

    sizes: Integers
    places: Integers  # the table of places in the workspace, see ``network.compiled.lay_out``
    forward: Integers  # (L,) addresses of the activations
    backward: Integers
    keeps_inputs: Integers  # whether a derivative needs Z
    biases: Integers  # whether there is one
    dropout: npt.NDArray[np.float64]  # of what enters each layer
    drop: int
    loss: int
    code: int  # of the loss
    parameter: float  # of the loss: δ, q, or ε if it clips
    fused: bool  # output and loss are one function of Z


class SampleArrays(NamedTuple):
    """X (n_samples × n_features), T (n_samples × n_outputs), both flat, and the samples' weights."""

    X: Array
    T: Array
    weight: Array


class Batches(NamedTuple):
    """Rows in the order of every epoch, one epoch after the other, or empty: as they stand; samples of a batch."""

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
    settings: npt.NDArray[np.float64]  # of the optimizer's recipe
    shorten: int
    clip: float
    include: int  # into the average
    learning_rates: npt.NDArray[np.float64]  # one an epoch
    seed: Any  # of the masks, np.uint64


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
    value: npt.NDArray[np.float64]  # (1,) for the kernels to add to
