"""Least squares: an objective as ½ Σ r² with its residuals r and their Jacobian, which Levenberg–Marquardt asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.maths.arrays import quietly
from chainrule.maths.losses import LOSSES
from chainrule.network.backprop import forward
from chainrule.network.jacobian import output_jacobian
from chainrule.network.parameters import split

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.network.backprop import Trace
    from chainrule.network.objective import Objective


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """The residuals r of an objective ½ Σ r²: √share (Y − T) an output, then √(2 l2) W a weight.

    Raises
    ------
    InvalidValue
        Where the loss is no half_squared_error, or where there is an l1 penalty: neither is a sum of squares.

    Examples
    --------
    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(1)], n_features=1)
    >>> fun = net.objective([[1.0], [2.0]], [1.0, 1.0], l2=0.5)
    >>> theta = np.array([3.0, 0.0])
    >>> r = LeastSquares(fun).residuals(theta)
    >>> r.round(3), round(0.5 * float(r @ r), 3), fun(theta)[0]
    (array([1.414, 3.536, 3.   ]), 11.75, 11.75)
    """

    objective: Objective

    def __post_init__(self) -> None:
        """Check that the objective is a sum of squares."""
        loss, l1 = self.objective.net.loss, self.objective.l1
        if loss != LOSSES["half_squared_error"]:
            raise InvalidValue(
                f"Cannot use method='levenberg-marquardt' with loss={loss.name!r}: it minimises sums of squares. "
                "Use loss='half_squared_error', or method='L-BFGS-B'."
            )
        if l1:
            raise InvalidValue(
                f"Cannot use method='levenberg-marquardt' with l1={l1:g}: |W| is no square. Use l2, or "
                "method='L-BFGS-B'."
            )

    @quietly
    def residuals(self, theta: Array) -> Array:
        """Return r, shape (n_samples · n_outputs,), with an entry more for each weight under l2."""
        data = self.objective
        errors = np.sqrt(data.shares)[:, np.newaxis] * (self._trace(theta).Y - data.T)
        if not data.l2:
            return errors.ravel()
        return np.concatenate([errors.ravel(), np.sqrt(2.0 * data.l2) * theta[self._weights]])

    @quietly
    def jacobian(self, theta: Array) -> Array:
        """Return ∂r/∂θ, shape (n_residuals, n_parameters)."""
        data = self.objective
        net, scale = data.net, np.repeat(np.sqrt(data.shares), data.net.n_outputs)
        J = scale[:, np.newaxis] * output_jacobian(net, net.views(theta), self._trace(theta))
        if not data.l2:
            return J
        return np.vstack([J, np.sqrt(2.0 * data.l2) * np.eye(net.n_parameters)[self._weights]])

    def _trace(self, theta: Array) -> Trace:
        net = self.objective.net
        return forward(net, net.views(theta), self.objective.X)

    @property
    def _weights(self) -> npt.NDArray[np.intp]:
        """Where theta holds weights, not biases."""
        net = self.objective.net
        return np.concatenate([W.ravel() for W, _ in split(np.arange(net.n_parameters), net.layers, net.n_features)])
