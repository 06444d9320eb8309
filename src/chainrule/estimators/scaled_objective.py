"""The objective as scikit-learn reports it: the mean loss, its probabilities clipped, plus ½ α/Σw Σ W², Σw the batch's.

Only what is reported is clipped (``loss_``, ``loss_curve_``, and so when training stops), not the gradient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.maths.arrays import quietly
from chainrule.maths.losses import CROSS_ENTROPY, LOG_LOSS
from chainrule.maths.penalties import L2
from chainrule.network import backprop
from chainrule.network.objective import data_loss
from chainrule.network.parameters import split

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from chainrule.estimators.samples import Batch, Samples
    from chainrule.estimators.streamed_samples import StreamedSamples
    from chainrule.maths.arrays import Array
    from chainrule.maths.loss import Loss
    from chainrule.network.dropout import Masks
    from chainrule.network.network import Network


def clip(Y: Array) -> Array:
    """Clip probabilities to [ε, 1 − ε], ε the spacing of their dtype at 1, as scikit-learn does before a logarithm.

    >>> clip(np.array([0.0, 0.5, 1.0], dtype=np.float32))
    array([1.1920929e-07, 5.0000000e-01, 9.9999988e-01], dtype=float32)
    """
    epsilon = np.finfo(Y.dtype).eps
    clipped: Array = np.minimum(np.maximum(Y, epsilon), 1 - epsilon)  # np.clip takes twice as long for few numbers
    return clipped


def clipped_log_loss(Y: Array, T: Array) -> Array:
    """Binary cross-entropy of each sample, −Σ_k log of the clipped y_k where t_k is 1, of 1 − y_k where it is 0.

    >>> clipped_log_loss(np.array([[1.0], [1.0]]), np.array([[0.0], [1.0]])).round(6)
    array([36.043653,  0.      ])
    """
    losses: Array = -np.log(clip(np.where(T > 0, Y, 1 - Y))).sum(axis=1)
    return losses


def clipped_cross_entropy(Y: Array, T: Array) -> Array:
    """Cross-entropy of each sample, −log of the clipped probability of its class; T is one-hot.

    >>> clipped_cross_entropy(np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])).round(6)
    array([36.043653])
    """
    losses: Array = -np.log((T * clip(Y)).sum(axis=1))
    return losses


CLIPPED: dict[Loss, Callable[[Array, Array], Array]] = {
    LOG_LOSS: clipped_log_loss,
    CROSS_ENTROPY: clipped_cross_entropy,
}


@dataclass(frozen=True)
class PenalizedLoss:
    """The loss of a batch with its penalty, and its gradient.

    ``divisor`` divides only the data loss that is reported: scikit-learn's squared error is a mean over the outputs,
    its gradient that of their sum.
    """

    net: Network
    alpha: float
    divisor: float = 1.0

    def epsilon(self, dtype: npt.DTypeLike) -> float:
        """The least probability that the reported loss takes a logarithm of; 0 where it is no log loss."""
        return float(np.finfo(dtype).eps) if self._clips else 0.0

    @property
    def _clips(self) -> bool:
        return self.net.fused is not None and self.net.loss in CLIPPED

    def _told(self, trace: backprop.Trace, batch: Batch) -> float:
        """The mean loss of a batch, without the penalty."""
        if self._clips:
            return float(batch.shares @ CLIPPED[self.net.loss](trace.Y, batch.T))
        return data_loss(self.net, trace, batch.T, batch.shares) / self.divisor

    @quietly
    def evaluate(self, theta: Array, batch: Batch, masks: Masks = ()) -> tuple[float, Array]:
        """Return the reported loss of a batch and the gradient that the descent takes."""
        net = self.net
        weights = split(theta, net.layers, net.n_features)
        trace = backprop.forward(net, weights, batch.X, masks)
        gradient = backprop.backward(net, weights, trace, batch.T, batch.shares, parameters_only=True).theta
        return self._told(trace, batch) + self.add_penalty(theta, gradient, batch.total), gradient

    @quietly
    def evaluate_all(
        self,
        theta: Array,
        samples: Samples | StreamedSamples,
        evaluate: Callable[[Array, Batch], tuple[float, Array]] | None = None,
    ) -> tuple[float, Array]:
        """Return loss and gradient over all samples, block by block, in theta's dtype.

        ``evaluate`` is what evaluates a block without the penalty, :meth:`evaluate` if it is left out.
        """
        evaluate = evaluate or PenalizedLoss(self.net, 0.0, self.divisor).evaluate
        total, loss, gradient = samples.total, 0.0, np.zeros_like(theta)
        for batch in samples.blocks():
            share = batch.total / total
            if share:
                part, slope = evaluate(theta, batch if batch.X.dtype == theta.dtype else batch.in_float64())
                loss += share * part
                gradient += share * slope
        return loss + self.add_penalty(theta, gradient, total), gradient

    @quietly
    def data_loss(self, theta: Array, samples: Samples) -> float:
        """Return the mean loss of samples, without a penalty."""
        total = samples.total
        loss = 0.0
        for batch in samples.blocks():
            trace = backprop.forward(self.net, split(theta, self.net.layers, self.net.n_features), batch.X)
            loss += batch.total / total * self._told(trace, batch)
        return loss

    def told(self, objective: float, theta: Array, total: float) -> float:
        """Return what is reported where loss and penalty, both whole, have this value: the loss divided."""
        if self.divisor == 1.0:
            return objective
        penalty = sum(0.5 * self.alpha / total * L2.value(W) for W, _ in self.net.views(theta))
        return float((objective - penalty) / self.divisor + penalty)

    def add_penalty(self, theta: Array, gradient: Array, total: float) -> float:
        """Add the penalty's gradient in place, weights only, and return its value."""
        strength, net, value = self.alpha / total, self.net, 0.0
        pairs = zip(*(split(flat, net.layers, net.n_features) for flat in (theta, gradient)), strict=True)
        for (W, _), (dW, _) in pairs:
            value += 0.5 * strength * L2.value(W)
            np.add(dW, strength * W, out=dW)
        return value
