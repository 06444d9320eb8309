"""Optimizers: how a gradient moves theta. Each is a pair of pure functions, init and update."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.errors import InvalidValue, check_number, choose

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.maths.arrays import Array
    from chainrule.training.schedules import Schedule

State: TypeAlias = Any  # what an optimizer remembers between updates; nobody else looks inside
AdamState: TypeAlias = "tuple[int, Array, Array]"  # t, m, v


@dataclass(frozen=True)
class Recipe:
    """A built-in optimizer in numbers, as the compiled engine takes it: a name, β₁ or μ or ρ, β₂, ε, decay, and η.

    It is the recipe of one ``update``: of another function, put in its place, it would be wrong.
    """

    name: str
    settings: tuple[float, float, float, float]
    learning_rate: float
    update: Callable[[Array, State, Array], tuple[Array, State]]


@dataclass(frozen=True)
class Optimizer:
    """An optimizer: a pair of pure functions, which return new arrays and change none.

    Parameters
    ----------
    name : str
    init : function (theta) -> state
        What it remembers before the first update.
    update : function (grad, state, theta) -> (theta, state)
        All of shape (n_parameters,), but the state, which is its own.
    schedule : schedule, optional
        The schedule that it was made with; its ``update`` is that of the first epoch.
    at_rate : function (rate) -> Optimizer, optional
        With a schedule: the same optimizer at that rate, with the same states; training takes it anew each epoch.
    recipe : Recipe, optional
        By which the compiled engine knows a built-in one.

    Examples
    --------
    Your own is accepted wherever a name is:

    >>> halving = Optimizer("halving", lambda theta: None, lambda grad, state, theta: (theta / 2, state))
    >>> halving.update(np.zeros(1), halving.init(np.ones(1)), np.ones(1))[0]
    array([0.5])
    """

    name: str
    init: Callable[[Array], State]
    update: Callable[[Array, State, Array], tuple[Array, State]]
    schedule: Schedule | None = None
    at_rate: Callable[[float], Optimizer] | None = None
    recipe: Recipe | None = None


def scheduled(learning_rate: float | Schedule, at_rate: Callable[[float], Optimizer]) -> Optimizer:
    """Return the optimizer at that rate, or the one that begins a schedule and can be had at every rate."""
    if not hasattr(learning_rate, "begin"):
        return at_rate(check_number("learning_rate", learning_rate, above=0))
    first = check_number("The schedule's learning rate", learning_rate.begin(1)(0, None), at_least=0)
    return replace(at_rate(first), schedule=learning_rate, at_rate=at_rate)


# Each update is a function of the module, and what is chosen is a partial of it: so that an optimizer can be pickled.


def remember_nothing(theta: Array) -> None:
    """Return the state of an optimizer that has none."""


def plain_update(grad: Array, state: None, theta: Array, *, rate: float) -> tuple[Array, None]:
    """θ ← θ − η g."""
    return theta - rate * grad, state


def momentum_update(
    grad: Array, velocity: Array, theta: Array, *, rate: float, mu: float, nesterov: bool
) -> tuple[Array, Array]:
    """v ← μ v − η g, θ ← θ + v; looking ahead, θ ← θ + μ v − η g."""
    step = rate * grad
    velocity = mu * velocity - step
    return theta + (mu * velocity - step if nesterov else velocity), velocity


def sgd_at_rate(rate: float, *, mu: float, nesterov: bool) -> Optimizer:
    """Gradient descent at a rate."""
    if not mu:
        update = partial(plain_update, rate=rate)
        return Optimizer("sgd", remember_nothing, update, recipe=Recipe("sgd", (0.0, 0.0, 0.0, 0.0), rate, update))
    ahead = partial(momentum_update, rate=rate, mu=mu, nesterov=nesterov)
    recipe = Recipe("nesterov" if nesterov else "momentum", (mu, 0.0, 0.0, 0.0), rate, ahead)
    return Optimizer("sgd", np.zeros_like, ahead, recipe=recipe)


def sgd(learning_rate: float | Schedule = 0.3, *, momentum: float = 0.0, nesterov: bool = False) -> Optimizer:
    r"""Gradient descent, θ ← θ − η g, on the whole data or on mini-batches; with momentum v ← μ v − η g, θ ← θ + v.

    With ``nesterov`` the step looks ahead: θ ← θ + μ v − η g with the new v (Sutskever et al. 2013).

    Parameters
    ----------
    learning_rate : float > 0 or schedule
        η.
    momentum : float, 0 ≤ momentum ≤ 1
        μ; 0 is plain descent, and under 1 nothing ever slows down.
    nesterov : bool
        Whether momentum looks ahead.

    Returns
    -------
    Optimizer

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds, or ``nesterov`` has no momentum.

    Examples
    --------
    >>> optimizer = sgd(0.1)
    >>> theta = np.array([1.0])
    >>> optimizer.update(np.array([2.0]), optimizer.init(theta), theta)[0]
    array([0.8])
    """
    mu = check_number("momentum", momentum, at_least=0, at_most=1)
    if nesterov and not mu:
        raise InvalidValue(
            "Cannot use nesterov=True with momentum=0: it looks ahead along the momentum. Try momentum=0.9."
        )
    return scheduled(learning_rate, partial(sgd_at_rate, mu=mu, nesterov=nesterov))


def adam_start(theta: Array) -> AdamState:
    """Return Adam's t = 0 and m = v = 0."""
    return 0, np.zeros_like(theta), np.zeros_like(theta)


def adam_update(
    grad: Array, state: AdamState, theta: Array, *, rate: float, beta1: float, beta2: float, epsilon: float
) -> tuple[Array, AdamState]:
    """m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η_t m / (√v + ε)."""
    t, m, v = state
    t = t + 1
    m = beta1 * m + (1.0 - beta1) * grad
    v = beta2 * v + (1.0 - beta2) * (grad * grad)
    rate_t = rate * math.sqrt(1.0 - beta2**t) / (1.0 - beta1**t)
    return theta - rate_t * m / (np.sqrt(v) + epsilon), (t, m, v)


def adamw_update(
    grad: Array, state: AdamState, theta: Array, *, rate: float, decay: float, **settings: float
) -> tuple[Array, AdamState]:
    """θ ← Adam(θ) − η w θ."""
    moved, state = adam_update(grad, state, theta, rate=rate, **settings)
    return moved - (rate * decay) * theta, state


def adam_at_rate(rate: float, *, beta1: float, beta2: float, epsilon: float) -> Optimizer:
    """Adam at a rate."""
    update = partial(adam_update, rate=rate, beta1=beta1, beta2=beta2, epsilon=epsilon)
    return Optimizer("adam", adam_start, update, recipe=Recipe("adam", (beta1, beta2, epsilon, 0.0), rate, update))


def adamw_at_rate(rate: float, *, decay: float, beta1: float, beta2: float, epsilon: float) -> Optimizer:
    """AdamW at a rate: to the compiled engine it is Adam with a decay."""
    update = partial(adamw_update, rate=rate, decay=decay, beta1=beta1, beta2=beta2, epsilon=epsilon)
    return Optimizer("adamw", adam_start, update, recipe=Recipe("adam", (beta1, beta2, epsilon, decay), rate, update))


def adam_settings(beta1: float, beta2: float, epsilon: float) -> dict[str, float]:
    """Check Adam's numbers, and take them as Python floats, which leave float32 as it is."""
    return {
        "beta1": check_number("beta1", beta1, at_least=0, below=1),
        "beta2": check_number("beta2", beta2, at_least=0, below=1),
        "epsilon": check_number("epsilon", epsilon, above=0),
    }


def adam(
    learning_rate: float | Schedule = 0.001, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
) -> Optimizer:
    r"""Adam, θ ← θ − η_t m / (√v + ε) with running means m of g and v of g², and η_t = η √(1−β₂ᵗ) / (1−β₁ᵗ).

    This is the order of computation at the end of section 2 of Kingma and Ba (2015), which scikit-learn uses too.

    Parameters
    ----------
    learning_rate : float > 0 or schedule
        η.
    beta1, beta2 : float, 0 ≤ beta < 1
        How slowly the means of g and of g² forget.
    epsilon : float > 0
        ε, against division by zero.

    Returns
    -------
    Optimizer

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds.

    Examples
    --------
    >>> optimizer = adam(0.1)
    >>> theta = np.array([1.0])
    >>> optimizer.update(np.array([2.0]), optimizer.init(theta), theta)[0].round(6)
    array([0.9])
    """
    return scheduled(learning_rate, partial(adam_at_rate, **adam_settings(beta1, beta2, epsilon)))


def adamw(
    learning_rate: float | Schedule = 0.001,
    *,
    weight_decay: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Optimizer:
    r"""Adam with decoupled weight decay, θ ← Adam(θ) − η w θ, where l2 would go through Adam's means and be blunted.

    Loshchilov and Hutter (2019), Algorithm 2, with the decay scaled by the learning rate as in PyTorch, so that a
    schedule moves both. All of theta decays, biases too: an optimizer sees one flat theta and not which entries of it
    are biases. The penalties ``l2`` and ``l1`` do spare biases.

    Parameters
    ----------
    learning_rate : float > 0 or schedule
        η.
    weight_decay : float ≥ 0
        w; 0 is Adam.
    beta1, beta2, epsilon
        As for :func:`adam`.

    Returns
    -------
    Optimizer

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds.

    Examples
    --------
    >>> optimizer = adamw(0.1, weight_decay=0.5)
    >>> theta = np.array([1.0])
    >>> optimizer.update(np.array([2.0]), optimizer.init(theta), theta)[0].round(6)
    array([0.85])
    """
    decay = check_number("weight_decay", weight_decay, at_least=0)
    settings = adam_settings(beta1, beta2, epsilon)
    return scheduled(learning_rate, partial(adamw_at_rate, decay=decay, **settings))


def rmsprop_update(
    grad: Array, v: Array, theta: Array, *, rate: float, rho: float, epsilon: float
) -> tuple[Array, Array]:
    """v ← ρ v + (1 − ρ) g², θ ← θ − η g / (√v + ε)."""
    v = rho * v + (1.0 - rho) * (grad * grad)
    return theta - rate * grad / (np.sqrt(v) + epsilon), v


def rmsprop_at_rate(rate: float, *, rho: float, epsilon: float) -> Optimizer:
    """RMSprop at a rate."""
    update = partial(rmsprop_update, rate=rate, rho=rho, epsilon=epsilon)
    return Optimizer("rmsprop", np.zeros_like, update, recipe=Recipe("rmsprop", (rho, 0.0, epsilon, 0.0), rate, update))


def rmsprop(learning_rate: float | Schedule = 0.001, *, decay: float = 0.9, epsilon: float = 1e-8) -> Optimizer:
    r"""RMSprop, θ ← θ − η g / (√v + ε) with the running mean v ← ρ v + (1 − ρ) g², from v = 0.

    Tieleman and Hinton (2012), lecture 6.5 of Neural Networks for Machine Learning; ε is outside the root.

    Parameters
    ----------
    learning_rate : float > 0 or schedule
        η.
    decay : float, 0 ≤ decay < 1
        ρ, how slowly the mean of g² forgets.
    epsilon : float > 0
        ε, against division by zero.

    Returns
    -------
    Optimizer

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds.

    Examples
    --------
    >>> optimizer = rmsprop(0.1, decay=0.75)
    >>> theta = np.array([1.0])
    >>> optimizer.update(np.array([2.0]), optimizer.init(theta), theta)[0].round(6)
    array([0.8])
    """
    rho = check_number("decay", decay, at_least=0, below=1)
    epsilon = check_number("epsilon", epsilon, above=0)
    return scheduled(learning_rate, partial(rmsprop_at_rate, rho=rho, epsilon=epsilon))


def adagrad_update(grad: Array, s: Array, theta: Array, *, rate: float, epsilon: float) -> tuple[Array, Array]:
    """s ← s + g², θ ← θ − η g / (√s + ε)."""
    s = s + grad * grad
    return theta - rate * grad / (np.sqrt(s) + epsilon), s


def adagrad_at_rate(rate: float, *, epsilon: float) -> Optimizer:
    """Adagrad at a rate."""
    update = partial(adagrad_update, rate=rate, epsilon=epsilon)
    return Optimizer("adagrad", np.zeros_like, update, recipe=Recipe("adagrad", (0.0, 0.0, epsilon, 0.0), rate, update))


def adagrad(learning_rate: float | Schedule = 0.01, *, epsilon: float = 1e-8) -> Optimizer:
    r"""Adagrad, θ ← θ − η g / (√s + ε) with the sum s ← s + g² of all squares so far, from s = 0.

    Duchi, Hazan and Singer (2011), with the diagonal of their matrix.

    Parameters
    ----------
    learning_rate : float > 0 or schedule
        η.
    epsilon : float > 0
        ε, against division by zero.

    Returns
    -------
    Optimizer

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds.

    Examples
    --------
    >>> optimizer = adagrad(0.1)
    >>> theta = np.array([1.0])
    >>> optimizer.update(np.array([2.0]), optimizer.init(theta), theta)[0].round(6)
    array([0.9])
    """
    return scheduled(learning_rate, partial(adagrad_at_rate, epsilon=check_number("epsilon", epsilon, above=0)))


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": sgd,
    "adam": adam,
    "adamw": adamw,
    "rmsprop": rmsprop,
    "adagrad": adagrad,
}


def as_optimizer(optimizer: str | Optimizer, learning_rate: float | Schedule | None) -> Optimizer:
    """Return the optimizer of that name with that learning rate (None: its default), or the optimizer itself."""
    if isinstance(optimizer, Optimizer):
        if learning_rate is not None:
            raise InvalidValue(
                f"Cannot use learning_rate={learning_rate!r} with an optimizer of your own: its rate is a part of it."
            )
        for name in ("init", "update"):
            if not callable(getattr(optimizer, name)):
                raise InvalidValue(f"{name} of the Optimizer {optimizer.name!r} must be a function.")
        return optimizer
    make = choose("optimizer", optimizer, OPTIMIZERS)
    return make() if learning_rate is None else make(learning_rate)
