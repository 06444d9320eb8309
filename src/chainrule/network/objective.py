"""The objective: loss and gradient as one function of the flat theta, which is all that any optimiser asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chainrule.errors import check_number
from chainrule.maths.arrays import quietly
from chainrule.maths.penalties import L1, L2
from chainrule.network import backprop
from chainrule.network.inputs import as_theta
from chainrule.network.parameters import split

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.penalties import Penalty
    from chainrule.network.architecture import Architecture
    from chainrule.network.dropout import Masks


def data_loss(net: Architecture, trace: backprop.Trace, T: Array, shares: Array) -> float:
    """Average the losses of the samples, Σ share · loss: from Z where output and loss are fused, else from Y.

    Where an output is NaN or infinite so is the loss: a hinge would take ∞ on the right side for no error at all.
    """
    losses = net.loss.value(trace.Y, T) if net.fused is None else net.fused.value(trace.Z[-1], T)
    loss = float(shares @ backprop.of_shape(shares.shape, losses, f"The value of the loss {net.loss.name!r}"))
    return math.nan if math.isfinite(loss) and not np.isfinite(trace.Y).all() else loss


class Evaluation(NamedTuple):
    """What one forward and backward pass say about theta: ``objective`` is ``loss`` plus the penalty.

    The outputs Y are there where the pass kept them.
    """

    loss: float
    objective: float
    gradient: Array
    Y: Array | None = None

    @property
    def is_finite(self) -> bool:
        """Whether objective and gradient are finite numbers."""
        return math.isfinite(self.objective) and bool(np.isfinite(self.gradient).all())


@dataclass(frozen=True, eq=False)
class Objective:
    """fun(theta) -> (loss, gradient) of a network on data: the mean loss plus l2 Σ W² plus l1 Σ |W|.

    A fresh gradient is returned each time, because optimisers keep the old ones.
    """

    net: Architecture
    X: Array = field(repr=False)
    T: Array = field(repr=False)
    shares: Array = field(repr=False)
    l2: float = 0.0
    l1: float = 0.0

    def __post_init__(self) -> None:
        """Check the penalties, and keep them as Python floats, which leave float32 and float64 as they are."""
        set_field = object.__setattr__  # the way to fill a frozen dataclass
        set_field(self, "l2", check_number("l2", self.l2, at_least=0))
        set_field(self, "l1", check_number("l1", self.l1, at_least=0))

    def __call__(self, theta: npt.ArrayLike) -> tuple[float, Array]:
        """Return the objective and its gradient at theta, both in theta's dtype."""
        theta = as_theta(theta, self.net.n_parameters)
        data = self.astype(theta.dtype)
        evaluation = data.evaluate(theta)
        return evaluation.objective, evaluation.gradient

    def astype(self, dtype: npt.DTypeLike) -> Objective:
        """Return the same objective with its data in another dtype; itself if they are already."""
        if self.X.dtype == dtype:
            return self
        with np.errstate(over="ignore"):  # beyond the largest float32 is inf, which the loss will show
            X, T, shares = (array.astype(dtype) for array in (self.X, self.T, self.shares))
        return Objective(self.net, X, T, shares, l2=self.l2, l1=self.l1)

    def evaluate(self, theta: Array, masks: Masks = ()) -> Evaluation:
        """Return loss, objective, gradient and outputs of one pass at theta, unchecked: the inner loop's way in."""
        return self.evaluate_batch(theta, self.X, self.T, self.shares, masks)

    @quietly
    def evaluate_batch(self, theta: Array, X: Array, T: Array, shares: Array, masks: Masks = ()) -> Evaluation:
        """Evaluate on some of the samples; ``shares`` are their shares of its average, ``masks`` its dropout."""
        net = self.net
        weights = split(theta, net.layers, net.n_features)
        trace = backprop.forward(net, weights, X, masks)
        gradient = backprop.backward(net, weights, trace, T, shares, parameters_only=True).theta
        loss = objective = data_loss(net, trace, T, shares)
        for strength, penalty in ((self.l2, L2), (self.l1, L1)):
            if strength:
                objective += self._add_penalty(strength, penalty, theta, gradient)
        return Evaluation(loss, objective, gradient, trace.Y)

    def _add_penalty(self, strength: float, penalty: Penalty, theta: Array, gradient: Array) -> float:
        """Add the penalty's gradient to ``gradient`` in place, weights only, and return its value."""
        net = self.net
        value = 0.0
        weights, slopes = (split(flat, net.layers, net.n_features) for flat in (theta, gradient))
        for (W, _), (dW, _) in zip(weights, slopes, strict=True):
            value += strength * penalty.value(W)
            np.add(dW, strength * penalty.gradient(W), out=dW)
        return value

    @quietly
    def loss(self, theta: Array) -> float:
        """Return the data loss at theta, by a forward pass alone."""
        net = self.net
        trace = backprop.forward(net, split(theta, net.layers, net.n_features), self.X)
        return data_loss(net, trace, self.T, self.shares)

    @quietly
    def outputs(self, theta: Array) -> Array:
        """Return the outputs of all samples at theta."""
        return backprop.forward(self.net, split(theta, self.net.layers, self.net.n_features), self.X).Y
