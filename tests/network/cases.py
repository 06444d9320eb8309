"""The cases that the tests of the network run on: points, targets, architectures, and members of one's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np

from chainrule import Activation, Dense, Initializer, Loss, Network
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES
from chainrule.maths.penalties import PENALTIES

OWN_ACTIVATION = Activation("own sine", forward=np.sin, backward=lambda dA, Z, A: dA * np.cos(Z))
OWN_LOSS = Loss(
    "own log cosh",
    value=lambda Y, T: np.log(np.cosh(Y - T)).sum(axis=1),
    gradient=lambda Y, T: np.tanh(Y - T),
)
OWN_INITIALIZER = Initializer("own triangular", lambda g, n_in, n_out, shape: g.triangular(-1.0, 0.2, 1.0, shape))
ALL_ACTIVATIONS = {**ACTIVATIONS, OWN_ACTIVATION.name: OWN_ACTIVATION}
ALL_LOSSES = {**LOSSES, OWN_LOSS.name: OWN_LOSS}


def is_admissible(activation, loss, n_outputs):
    """Whether a last layer of this activation may have this loss, said once more."""
    always_one = activation.range.rows == "sum to one" and n_outputs == 1
    return loss.domain.contains(activation.range) and not always_one


def admissible_outputs(loss, n_outputs):
    """Return the activations that a last layer may have under this loss."""
    return [member for member in ALL_ACTIVATIONS.values() if is_admissible(member, loss, n_outputs)]


def activations_of(width):
    """Return the activations that a hidden layer of this width may have and still depend on what comes in."""
    return [member for member in ALL_ACTIVATIONS.values() if width > 1 or member.range.rows != "sum to one"]


def targets_for(loss, n_samples, n_outputs, rng):
    """Return the first kind of targets, from any number to signs, that the loss has no complaint about."""
    shares = rng.uniform(0.1, 1.0, (n_samples, n_outputs))
    corners = rng.randint(2, size=(n_samples, n_outputs)).astype(float)
    kinds = (
        rng.normal(size=(n_samples, n_outputs)),
        np.where(rng.uniform() < 0.5, shares, corners),
        shares / shares.sum(axis=1, keepdims=True),
        2 * corners - 1,
    )
    return next(T for T in kinds if loss.check_targets(T) is None)


def away_from_zero(size, rng):
    """Draw a theta whose entries are at least 0.1 from the kink of the l1 penalty."""
    theta = rng.normal(scale=0.5, size=size)
    return theta + 0.1 * np.sign(theta)


def calmed(net, theta, X, limit=5.0):
    """Return theta, halved until no pre-activation passes the limit, where plain formulas lose digits."""
    while max(np.abs(Z).max() for Z in net.forward(theta, X).Z) > limit:
        theta = theta / 2
    return theta


@dataclass(frozen=True)
class Case:
    """A network with everything that its objective is asked about."""

    net: Network
    theta: np.ndarray
    X: np.ndarray
    T: np.ndarray
    sample_weight: np.ndarray | None
    penalties: dict[str, float] = field(default_factory=dict)

    @property
    def shares(self):
        """Each sample's share of the average."""
        weight = np.ones(len(self.X)) if self.sample_weight is None else self.sample_weight
        return weight / weight.sum()

    @property
    def trace(self):
        """The forward pass."""
        return self.net.forward(self.theta, self.X)

    @property
    def gradients(self):
        """The backward pass."""
        return self.net.backward(self.theta, self.trace, self.T, self.sample_weight)

    @property
    def objective(self):
        """The function of theta that an optimiser gets."""
        return self.net.objective(self.X, self.T, sample_weight=self.sample_weight, **self.penalties)


def make_case(net, n_samples, rng, *, weighted=True, penalties=()):
    """Draw a point, samples, targets, weights and strengths for a network."""
    X = rng.normal(size=(n_samples, net.n_features))
    T = targets_for(net.loss, n_samples, net.n_outputs, rng)
    weight = rng.uniform(0.2, 3.0, n_samples) if weighted else None
    theta = calmed(net, away_from_zero(net.n_parameters, rng), X)
    return Case(net, theta, X, T, weight, {name: float(rng.uniform(0.01, 0.1)) for name in penalties})


@cache
def random_case(seed):
    """Draw an architecture, 1 to 5 layers of 1 to 8 units, everything about it chosen by the seed."""
    rng = np.random.RandomState(seed)
    pick = lambda members: members[rng.randint(len(members))]  # noqa: E731
    *hidden, n_outputs = rng.randint(1, 9, size=rng.randint(1, 6))
    loss = pick([loss for loss in ALL_LOSSES.values() if admissible_outputs(loss, n_outputs)])
    layers = [Dense(width, pick(activations_of(width)), bool(rng.randint(2))) for width in hidden]
    layers.append(Dense(n_outputs, pick(admissible_outputs(loss, n_outputs)), bool(rng.randint(2))))
    net = Network(layers, n_features=int(rng.randint(1, 6)), loss=loss)
    penalties = [name for name in PENALTIES if rng.randint(2)]
    return make_case(net, rng.randint(1, 13), rng, weighted=bool(rng.randint(2)), penalties=penalties)
