"""The objective on scikit-learn's scale: the mean loss plus ½ α/Σw Σ W², where Σw is the batch's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.maths.arrays import quietly
from chainrule.maths.penalties import L2
from chainrule.network import backprop
from chainrule.network.objective import data_loss
from chainrule.network.parameters import split

if TYPE_CHECKING:
    from chainrule.estimators.samples import Batch, Samples
    from chainrule.maths.arrays import Array
    from chainrule.network.dropout import Masks
    from chainrule.network.network import Network


@dataclass(frozen=True)
class PenalizedLoss:
    """The loss of a batch with its penalty, and its gradient.

    ``divisor`` divides the data loss alone where it is told: scikit-learn's squared error is a mean over the outputs,
    its gradient that of their sum.
    """

    net: Network
    alpha: float
    divisor: float = 1.0

    @quietly
    def evaluate(self, theta: Array, batch: Batch, masks: Masks = ()) -> tuple[float, Array]:
        """Return the told loss of a batch and the gradient that the descent takes."""
        net = self.net
        weights = split(theta, net.layers, net.n_features)
        trace = backprop.forward(net, weights, batch.X, masks)
        gradient = backprop.backward(net, weights, trace, batch.T, batch.shares, parameters_only=True).theta
        loss = data_loss(net, trace, batch.T, batch.shares) / self.divisor
        return loss + self._add_penalty(theta, gradient, batch.total), gradient

    def evaluate_all(self, theta: Array, samples: Samples) -> tuple[float, Array]:
        """Return loss and gradient over all samples, block by block where they are sparse."""
        whole, loss, gradient = PenalizedLoss(self.net, 0.0, self.divisor), 0.0, np.zeros_like(theta)
        total = samples.total
        for batch in samples.blocks():
            share = batch.total / total
            if share:
                part, slope = whole.evaluate(theta, batch)
                loss += share * part
                gradient += share * slope
        return loss + self._add_penalty(theta, gradient, total), gradient

    @quietly
    def data_loss(self, theta: Array, samples: Samples) -> float:
        """Return the mean loss of samples, without a penalty."""
        total = samples.total
        loss = 0.0
        for batch in samples.blocks():
            trace = backprop.forward(self.net, split(theta, self.net.layers, self.net.n_features), batch.X)
            loss += batch.total / total * data_loss(self.net, trace, batch.T, batch.shares) / self.divisor
        return loss

    def _add_penalty(self, theta: Array, gradient: Array, total: float) -> float:
        """Add the penalty's gradient in place, weights only, and return its value."""
        strength, net, value = self.alpha / total, self.net, 0.0
        pairs = zip(*(split(flat, net.layers, net.n_features) for flat in (theta, gradient)), strict=True)
        for (W, _), (dW, _) in pairs:
            value += 0.5 * strength * L2.value(W)
            np.add(dW, strength * W, out=dW)
        return value
