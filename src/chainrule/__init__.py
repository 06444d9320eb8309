"""chainrule: the neural network you can open.

Everything public is here: ``import chainrule as cr``. Names load when they are first used, so that importing
chainrule costs hardly more than importing NumPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule import datasets, labs, plot
    from chainrule.check import check_backprop, check_gradient
    from chainrule.errors import ChainruleError, InvalidFile, InvalidValue, MissingLibrary
    from chainrule.estimators.classifier import MLPClassifier
    from chainrule.estimators.display import LossCurveDisplay
    from chainrule.estimators.regressor import MLPRegressor
    from chainrule.explanation import explain
    from chainrule.labs.report import write_report
    from chainrule.maths.activations import Activation
    from chainrule.maths.initializers import Initializer
    from chainrule.maths.losses import Loss, huber, quantile
    from chainrule.models.network_file import load, save
    from chainrule.network.derivation import derive
    from chainrule.network.layers import Dense
    from chainrule.network.network import Network
    from chainrule.training import schedules
    from chainrule.training.accuracy import accuracy
    from chainrule.training.minimize import minimize
    from chainrule.training.optimizers import Optimizer, adagrad, adam, adamw, rmsprop, sgd
    from chainrule.training.run import Epoch, Run
    from chainrule.training.stopping import accuracy_reached, loss_below, no_improvement
    from chainrule.training.train import epochs, train

__version__ = "0.1.0"

HOMES = {  # where each public name lives; a folder of its own is itself public
    "Activation": "maths.activations",
    "ChainruleError": "errors",
    "Dense": "network.layers",
    "Epoch": "training.run",
    "Initializer": "maths.initializers",
    "InvalidFile": "errors",
    "InvalidValue": "errors",
    "Loss": "maths.losses",
    "LossCurveDisplay": "estimators.display",
    "MLPClassifier": "estimators.classifier",
    "MLPRegressor": "estimators.regressor",
    "MissingLibrary": "errors",
    "Network": "network.network",
    "Optimizer": "training.optimizers",
    "Run": "training.run",
    "accuracy": "training.accuracy",
    "accuracy_reached": "training.stopping",
    "adagrad": "training.optimizers",
    "adam": "training.optimizers",
    "adamw": "training.optimizers",
    "check_backprop": "check",
    "check_gradient": "check",
    "datasets": "datasets",
    "derive": "network.derivation",
    "epochs": "training.train",
    "explain": "explanation",
    "huber": "maths.losses",
    "labs": "labs",
    "load": "models.network_file",
    "loss_below": "training.stopping",
    "minimize": "training.minimize",
    "no_improvement": "training.stopping",
    "plot": "plot",
    "quantile": "maths.losses",
    "rmsprop": "training.optimizers",
    "save": "models.network_file",
    "schedules": "training",
    "sgd": "training.optimizers",
    "train": "training.train",
    "write_report": "labs.report",
}

__all__ = [
    "Activation",
    "ChainruleError",
    "Dense",
    "Epoch",
    "Initializer",
    "InvalidFile",
    "InvalidValue",
    "Loss",
    "LossCurveDisplay",
    "MLPClassifier",
    "MLPRegressor",
    "MissingLibrary",
    "Network",
    "Optimizer",
    "Run",
    "accuracy",
    "accuracy_reached",
    "adagrad",
    "adam",
    "adamw",
    "check_backprop",
    "check_gradient",
    "datasets",
    "derive",
    "epochs",
    "explain",
    "huber",
    "labs",
    "load",
    "loss_below",
    "minimize",
    "no_improvement",
    "plot",
    "quantile",
    "rmsprop",
    "save",
    "schedules",
    "sgd",
    "train",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use."""
    if name not in HOMES:
        raise AttributeError(f"module 'chainrule' has no attribute {name!r}")
    home = importlib.import_module(f"chainrule.{HOMES[name]}")
    value = home if HOMES[name] == name else getattr(home, name, None)
    if value is None:
        value = importlib.import_module(f"{home.__name__}.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
