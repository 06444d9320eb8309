"""Fitted states held against each other: what a file says of an estimator must be what a training could have left."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.preprocessing import LabelBinarizer

from chainrule.errors import check_number
from chainrule.estimators.descent import Memory
from chainrule.estimators.solvers import SETTINGS, optimizer_of
from chainrule.network.network import Network
from chainrule.training.averaging import Average
from chainrule.training.kept_state import is_like

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.maths.arrays import Array


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _is_number_or_none(value: object) -> bool:
    return value is None or _is_number(value)


def _is_curve(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_number, value))


ATTRIBUTES: dict[str, Callable[[Any], bool]] = {  # of those that there are
    "n_iter_": lambda value: isinstance(value, int) and value >= 0,
    "t_": lambda value: isinstance(value, int) and value >= 0,
    "_no_improvement_count": lambda value: isinstance(value, int) and value >= 0,
    "loss_": _is_number,
    "best_loss_": _is_number_or_none,
    "best_validation_score_": _is_number_or_none,
    "loss_curve_": _is_curve,
    "validation_scores_": lambda value: value is None or _is_curve(value),
    "_compiled": lambda value: isinstance(value, bool),
    "_random_state": lambda value: isinstance(value, np.random.RandomState),
    "_parts": lambda value: value is None or _is_order(np.concatenate(value)),
}


KINDS_OF_Y = ("binary", "multiclass", "multilabel-indicator")
ALWAYS = ("n_features_in_", "n_outputs_", "n_iter_", "t_", "loss_curve_", "_memory", "_parts")
OF_A_DESCENT = ("best_loss_", "best_validation_score_", "validation_scores_", "_no_improvement_count")  # all or none


def check_fitted(model: Any) -> None:
    """Refuse attributes that do not fit together, before a kernel or a solver is handed them.

    Raises
    ------
    ValueError
        With what is wrong.
    """
    state = vars(model)
    net, theta = state["network_"], state["theta_"]
    floats = isinstance(theta, np.ndarray) and theta.dtype in (np.float32, np.float64)
    if not isinstance(net, Network) or not floats or theta.shape != (net.n_parameters,):
        raise ValueError("theta_ does not fit its network")
    for name in ("n_features_in_", "n_outputs_"):
        if state[name] != getattr(net, {"n_features_in_": "n_features"}.get(name, "n_outputs")):
            raise ValueError(f"{name} is {state[name]!r}, and the network has another")
    if lacking := [name for name in (*ALWAYS, *(OF_A_DESCENT if "best_loss_" in state else ())) if name not in state]:
        raise ValueError(f"there is no {lacking[0]}")
    for name, is_right in ATTRIBUTES.items():
        if name in state and not is_right(state[name]):
            raise ValueError(f"{name} cannot be {state[name]!r}")
    names = state.get("feature_names_in_")
    if names is not None and (names.shape != (net.n_features,) or not all(isinstance(one, str) for one in names)):
        raise ValueError("feature_names_in_ are not the names of the features")
    if is_classifier(model):
        _check_classes(state["classes_"], state["_label_binarizer"], net.n_outputs)
    if state["_memory"] is not None:
        _check_memory(state["_memory"], theta)


def _check_classes(classes: Array, binarizer: LabelBinarizer, n_outputs: int) -> None:
    """Refuse classes that are not as many as the outputs say."""
    if not isinstance(binarizer, LabelBinarizer) or binarizer.y_type_ not in KINDS_OF_Y:
        raise ValueError("_label_binarizer is not one of scikit-learn's")
    for array in (classes, binarizer.classes_):
        if array.ndim != 1 or not (len(array) == n_outputs or (n_outputs == 1 and len(array) == 2)):
            raise ValueError(f"there are {array.shape} classes for {n_outputs} outputs")


def _check_memory(memory: Memory, theta: Array) -> None:
    """Refuse what a descent cannot remember: a state of another optimizer, an order that is none."""
    if not isinstance(memory, Memory) or set(vars(memory.settings)) != set(SETTINGS):
        raise ValueError("_memory is not a descent's")
    rates = [memory.rate]
    if memory.pace is not None:
        rates += [copy.deepcopy(memory.pace)(memory.epochs, loss) for loss in (None, 1.0)]
    for rate in rates:
        check_number("_memory's rate", rate, at_least=0)
    if not is_like(memory.state, optimizer_of(memory.settings, memory.rate).init(theta)):
        raise ValueError(f"_memory has another state than {memory.settings.solver} has")
    if memory.order is not None and not _is_order(memory.order):
        raise ValueError("_memory.order is not an order of samples")
    counts = (memory.epochs, memory.updates, memory.mask_seed)
    if not _is_number(memory.least_loss) or not all(type(one) is int and one >= 0 for one in counts):
        raise ValueError("_memory counts in something else than numbers")
    _check_kept(memory, theta)


def _check_kept(memory: Memory, theta: Array) -> None:
    """Refuse parameters of another network among those that a descent has kept."""
    kept = [memory.last_theta, memory.taken_theta, memory.best_theta, *memory.known.values()]
    if memory.average is not None:
        if not isinstance(memory.average, Average) or memory.average.count < 1:
            raise ValueError("_memory.average is not a mean")
        kept.append(memory.average.theta)
    if not all(one is None or is_like(one, theta) for one in kept):
        raise ValueError("_memory has parameters of another network")
    if (memory.last_theta is None) != (memory.taken_theta is None):
        raise ValueError("_memory has taken parameters in the place of none")


def _is_order(places: Any) -> bool:
    """Whether places are each of 0, 1, …, n − 1 once."""
    return places.dtype == np.intp and bool(np.array_equal(np.sort(places), np.arange(len(places))))
