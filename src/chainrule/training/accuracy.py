"""Accuracy: reading classes off the outputs, and the share of samples that are read right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.maths.arrays import BETWEEN_MINUS_ONE_AND_ONE
from chainrule.maths.targets import sign_targets
from chainrule.network.network import check_network

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.network.architecture import Architecture
    from chainrule.network.network import Network


@dataclass(frozen=True)
class DecisionRule:
    """How outputs become classes: the largest output of a row (``boundary`` None), or those above a boundary.

    ``classes`` are the two target values on either side of the boundary; with the largest output it is the column.
    """

    boundary: float | None
    classes: tuple[float, float] = (0.0, 1.0)

    def labels(self, Y: Array) -> npt.NDArray[Any]:
        """Read the classes off outputs (or targets) of shape (n_samples, n_outputs).

        The largest output gives shape (n_samples,) of column numbers, a boundary gives the shape of Y.
        """
        if self.boundary is None:
            columns: npt.NDArray[Any] = Y.argmax(axis=1)
            return columns
        return np.where(self.boundary < Y, self.classes[1], self.classes[0])

    def accuracy(self, Y: Array, T: Array) -> float:
        """Share of the samples whose outputs are all read right, 0 to 1."""
        right = self.labels(Y) == self.labels(T)
        return float((right if right.ndim == 1 else right.all(axis=1)).mean())


def decision(net: Architecture, T: Array) -> DecisionRule:
    """Tell from the targets how outputs are read: one-hot rows, values 0 and 1, or values −1 and +1.

    Raises
    ------
    InvalidValue
        Where the targets are no classes; accuracy has no meaning then.

    Examples
    --------
    >>> from chainrule.network.layers import Dense
    >>> from chainrule.network.network import Network
    >>> decision(Network([Dense(1)], n_features=2, loss="perceptron"), np.array([[-1.0], [1.0]]))
    DecisionRule(boundary=0.0, classes=(-1.0, 1.0))
    """
    signed = bool(np.isin(T, (-1.0, 1.0)).all())
    centred = net.loss.check_targets is sign_targets or net.layers[-1].activation.range == BETWEEN_MINUS_ONE_AND_ONE
    if np.isin(T, (0.0, 1.0)).all() and not (signed and centred):
        one_hot = T.shape[1] > 1 and (T.sum(axis=1) == 1.0).all()
        return DecisionRule(None) if one_hot else DecisionRule(0.5)
    if signed:
        return DecisionRule(0.0, (-1.0, 1.0))
    raise InvalidValue("Accuracy needs class targets: one-hot rows, 0 and 1, or -1 and +1. These are other numbers.")


def accuracy(net: Network, theta: npt.ArrayLike, X: npt.ArrayLike, T: npt.ArrayLike) -> float:
    """Share of the samples that the network reads right, Σ 1[class(Y) = class(T)] / N.

    Parameters
    ----------
    net : Network
    theta : array (n_parameters,)
    X : array (n_samples, n_features)
    T : array (n_samples, n_outputs), or (n_samples,) for a single output
        Classes: one-hot rows, 0 and 1, or −1 and +1.

    Returns
    -------
    float
        From 0 to 1. A sample of several outputs is right where all of them are.

    Raises
    ------
    InvalidValue
        Where the targets are no classes, or a shape does not fit the network.

    Examples
    --------
    >>> from chainrule.network.layers import Dense
    >>> from chainrule.network.network import Network
    >>> net = Network([Dense(1, "sigmoid")], n_features=1, loss="log_loss")
    >>> accuracy(net, [1.0, 0.0], [[-1.0], [2.0], [3.0], [4.0]], [0, 1, 1, 0])
    0.75
    """
    check_network(net, "net, theta, X, T")
    Y = net.predict(theta, X)
    targets = net.targets(T, len(Y))
    return decision(net, targets).accuracy(Y, targets)
