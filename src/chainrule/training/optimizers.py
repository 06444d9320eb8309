"""Optimizers: how a gradient moves theta. Each is a pair of pure functions, init and update."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.errors import InvalidValue, check_number, choose

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.maths.arrays import Array

State: TypeAlias = Any  # what an optimizer remembers between updates; nobody else looks inside


@dataclass(frozen=True)
class Optimizer:
    """An optimizer: ``init(theta)`` gives its first state, ``update(grad, state, theta)`` the next (theta, state).

    Both are pure: they return new arrays and change none.

    Examples
    --------
    One's own is accepted wherever a name is:

    >>> halving = Optimizer("halving", lambda theta: None, lambda grad, state, theta: (theta / 2, state))
    >>> halving.update(np.zeros(1), halving.init(np.ones(1)), np.ones(1))[0]
    array([0.5])
    """

    name: str
    init: Callable[[Array], State]
    update: Callable[[Array, State, Array], tuple[Array, State]]


def sgd(learning_rate: float = 0.3, *, momentum: float = 0.0, nesterov: bool = False) -> Optimizer:
    r"""Gradient descent, θ ← θ − η g, on the whole data or on mini-batches; with momentum v ← μ v − η g, θ ← θ + v.

    With ``nesterov`` the step looks ahead: θ ← θ + μ v − η g with the new v (Sutskever et al. 2013).

    Parameters
    ----------
    learning_rate : float > 0
        η.
    momentum : float, 0 ≤ momentum < 1
        μ; 0 is plain descent.
    nesterov : bool
        Whether momentum looks ahead.

    Examples
    --------
    >>> optimizer = sgd(0.1)
    >>> theta = np.array([1.0])
    >>> optimizer.update(np.array([2.0]), optimizer.init(theta), theta)[0]
    array([0.8])
    """
    rate = check_number("learning_rate", learning_rate, above=0)
    mu = check_number("momentum", momentum, at_least=0, below=1)
    if nesterov and not mu:
        raise InvalidValue(
            "Cannot use nesterov=True with momentum=0: it looks ahead along the momentum. Try momentum=0.9."
        )

    def update(grad: Array, state: None, theta: Array) -> tuple[Array, None]:
        return theta - rate * grad, state

    def update_with_momentum(grad: Array, velocity: Array, theta: Array) -> tuple[Array, Array]:
        step = rate * grad
        velocity = mu * velocity - step
        return theta + (mu * velocity - step if nesterov else velocity), velocity

    if mu:
        return Optimizer("sgd", np.zeros_like, update_with_momentum)
    return Optimizer("sgd", lambda theta: None, update)  # noqa: ARG005  # there is nothing to remember


def adam(learning_rate: float = 0.001, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> Optimizer:
    r"""Adam, θ ← θ − η_t m / (√v + ε) with running means m of g and v of g², and η_t = η √(1−β₂ᵗ) / (1−β₁ᵗ).

    This is the order of computation at the end of section 2 of Kingma and Ba (2015), which scikit-learn uses too.

    Parameters
    ----------
    learning_rate : float > 0
        η.
    beta1, beta2 : float, 0 ≤ beta < 1
        How slowly the means of g and of g² forget.
    epsilon : float > 0
        ε, against division by zero.

    Examples
    --------
    >>> optimizer = adam(0.1)
    >>> theta = np.array([1.0])
    >>> optimizer.update(np.array([2.0]), optimizer.init(theta), theta)[0].round(6)
    array([0.9])
    """
    rate = check_number("learning_rate", learning_rate, above=0)
    beta1 = check_number("beta1", beta1, at_least=0, below=1)  # Python floats, which leave float32 as it is
    beta2 = check_number("beta2", beta2, at_least=0, below=1)
    epsilon = check_number("epsilon", epsilon, above=0)

    def init(theta: Array) -> tuple[int, Array, Array]:
        return 0, np.zeros_like(theta), np.zeros_like(theta)

    def update(grad: Array, state: tuple[int, Array, Array], theta: Array) -> tuple[Array, tuple[int, Array, Array]]:
        t, m, v = state
        t = t + 1
        m = beta1 * m + (1.0 - beta1) * grad
        v = beta2 * v + (1.0 - beta2) * (grad * grad)
        rate_t = rate * math.sqrt(1.0 - beta2**t) / (1.0 - beta1**t)
        return theta - rate_t * m / (np.sqrt(v) + epsilon), (t, m, v)

    return Optimizer("adam", init, update)


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {"sgd": sgd, "adam": adam}


def as_optimizer(optimizer: str | Optimizer, learning_rate: float | None) -> Optimizer:
    """Return the optimizer of that name with that learning rate (None: its default), or the optimizer itself."""
    if isinstance(optimizer, Optimizer):
        if learning_rate is not None:
            raise InvalidValue(
                f"Cannot use learning_rate={learning_rate!r} with an optimizer of your own: it has its rate inside."
            )
        return optimizer
    make = choose("optimizer", optimizer, OPTIMIZERS)
    return make() if learning_rate is None else make(learning_rate)
