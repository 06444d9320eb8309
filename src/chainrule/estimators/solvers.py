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


def _sgd(given: Any, rate: Schedule) -> Optimizer:
    return sgd(rate, momentum=given.momentum, nesterov=bool(given.nesterovs_momentum and given.momentum))


def _adam(given: Any, rate: Schedule) -> Optimizer:
    return adam(rate, beta1=given.beta_1, beta2=given.beta_2, epsilon=given.epsilon)


def _adamw(given: Any, rate: Schedule) -> Optimizer:
    return adamw(rate, beta1=given.beta_1, beta2=given.beta_2, epsilon=given.epsilon)


def _rmsprop(given: Any, rate: Schedule) -> Optimizer:
    return rmsprop(rate, epsilon=given.epsilon)


def _adagrad(given: Any, rate: Schedule) -> Optimizer:
    return adagrad(rate, epsilon=given.epsilon)


STOCHASTIC: dict[str, Callable[[Any, Schedule], Optimizer]] = {
    "sgd": _sgd,
    "adam": _adam,
    "adamw": _adamw,
    "rmsprop": _rmsprop,
    "adagrad": _adagrad,
}
WHOLE = ("lbfgs", *SCIPY_METHODS, LEVENBERG_MARQUARDT)
SOLVERS = (*STOCHASTIC, *WHOLE)


def optimizer_of(settings: Any, rate: float) -> Optimizer:
    """Return the optimizer of an estimator's settings at a rate, which is 0 where a schedule ends."""
    optimizer = STOCHASTIC[settings.solver](settings, constant(1.0))
    rate = check_number("The learning rate", rate, at_least=0)
    return optimizer if optimizer.at_rate is None else optimizer.at_rate(rate)
