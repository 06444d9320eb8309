"""Solvers by name: what the estimators call them, and the optimizers that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.errors import check_number
from chainrule.training.minimize import LEVENBERG_MARQUARDT, SCIPY_METHODS
from chainrule.training.optimizers import Optimizer, adagrad, adam, adamw, rmsprop, sgd
from chainrule.training.schedules import constant

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.training.schedules import Schedule


def _sgd(mlp: Any, rate: Schedule) -> Optimizer:
    return sgd(rate, momentum=mlp.momentum, nesterov=bool(mlp.nesterovs_momentum and mlp.momentum))


def _adam(mlp: Any, rate: Schedule) -> Optimizer:
    return adam(rate, beta1=mlp.beta_1, beta2=mlp.beta_2, epsilon=mlp.epsilon)


def _adamw(mlp: Any, rate: Schedule) -> Optimizer:
    return adamw(rate, beta1=mlp.beta_1, beta2=mlp.beta_2, epsilon=mlp.epsilon)


def _rmsprop(mlp: Any, rate: Schedule) -> Optimizer:
    return rmsprop(rate, epsilon=mlp.epsilon)


def _adagrad(mlp: Any, rate: Schedule) -> Optimizer:
    return adagrad(rate, epsilon=mlp.epsilon)


STOCHASTIC: dict[str, Callable[[Any, Schedule], Optimizer]] = {
    "sgd": _sgd,
    "adam": _adam,
    "adamw": _adamw,
    "rmsprop": _rmsprop,
    "adagrad": _adagrad,
}
WHOLE = ("lbfgs", *SCIPY_METHODS, LEVENBERG_MARQUARDT)
SOLVERS = (*STOCHASTIC, *WHOLE)


def optimizer_of(mlp: Any, rate: float) -> Optimizer:
    """Return the optimizer of an estimator's solver at a rate, which is 0 where a schedule ends."""
    optimizer = STOCHASTIC[mlp.solver](mlp, constant(1.0))
    rate = check_number("The learning rate", rate, at_least=0)
    return optimizer if optimizer.at_rate is None else optimizer.at_rate(rate)
