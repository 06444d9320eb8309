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


STOCHASTIC: dict[str, Callable[[Any, Schedule], Optimizer]] = {  # each of an estimator's settings and a rate
    "sgd": lambda mlp, rate: sgd(rate, momentum=mlp.momentum, nesterov=bool(mlp.nesterovs_momentum and mlp.momentum)),
    "adam": lambda mlp, rate: adam(rate, beta1=mlp.beta_1, beta2=mlp.beta_2, epsilon=mlp.epsilon),
    "adamw": lambda mlp, rate: adamw(rate, beta1=mlp.beta_1, beta2=mlp.beta_2, epsilon=mlp.epsilon),
    "rmsprop": lambda mlp, rate: rmsprop(rate, epsilon=mlp.epsilon),
    "adagrad": lambda mlp, rate: adagrad(rate, epsilon=mlp.epsilon),
}
SETTINGS = (  # that an optimizer and its rate are made of
    "solver", "learning_rate", "learning_rate_init", "power_t", "momentum", "nesterovs_momentum", "beta_1", "beta_2",
    "epsilon",
)  # fmt: skip
WHOLE = ("lbfgs", *SCIPY_METHODS, LEVENBERG_MARQUARDT)
SOLVERS = (*STOCHASTIC, *WHOLE)


def optimizer_of(settings: Any, rate: float) -> Optimizer:
    """Return the optimizer of an estimator's settings at a rate, which is 0 where a schedule ends."""
    optimizer = STOCHASTIC[settings.solver](settings, constant(1.0))
    rate = check_number("The learning rate", rate, at_least=0)
    return optimizer if optimizer.at_rate is None else optimizer.at_rate(rate)
