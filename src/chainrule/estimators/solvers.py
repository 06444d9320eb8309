"""Solvers by name: what the estimators call them, and the optimizers that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.training.minimize import LEVENBERG_MARQUARDT, SCIPY_METHODS
from chainrule.training.optimizers import Optimizer, adagrad, adam, adamw, rmsprop, sgd

if TYPE_CHECKING:
    from collections.abc import Callable


def _sgd(mlp: Any, rate: float) -> Optimizer:
    return sgd(rate, momentum=mlp.momentum, nesterov=bool(mlp.nesterovs_momentum and mlp.momentum))


def _adam(mlp: Any, rate: float) -> Optimizer:
    return adam(rate, beta1=mlp.beta_1, beta2=mlp.beta_2, epsilon=mlp.epsilon)


def _adamw(mlp: Any, rate: float) -> Optimizer:
    return adamw(rate, beta1=mlp.beta_1, beta2=mlp.beta_2, epsilon=mlp.epsilon)


def _rmsprop(mlp: Any, rate: float) -> Optimizer:
    return rmsprop(rate, epsilon=mlp.epsilon)


def _adagrad(mlp: Any, rate: float) -> Optimizer:
    return adagrad(rate, epsilon=mlp.epsilon)


STOCHASTIC: dict[str, Callable[[Any, float], Optimizer]] = {
    "sgd": _sgd,
    "adam": _adam,
    "adamw": _adamw,
    "rmsprop": _rmsprop,
    "adagrad": _adagrad,
}
WHOLE = ("lbfgs", *SCIPY_METHODS, LEVENBERG_MARQUARDT)
SOLVERS = (*STOCHASTIC, *WHOLE)


def optimizer_of(mlp: Any, rate: float) -> Optimizer:
    """Return the optimizer of an estimator's solver at a rate."""
    return STOCHASTIC[mlp.solver](mlp, rate)
