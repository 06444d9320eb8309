"""State: an estimator as plain data for whoever stores it, so that a reader need trust one class alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from chainrule.errors import InvalidValue
from chainrule.estimators.descent import Memory
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.training.averaging import Average


def as_plain(state: dict[str, Any]) -> dict[str, Any]:
    """Return an estimator's attributes, its network and what its descent remembers as dicts, numbers and arrays.

    A network with a part of your own is left as it is.
    """
    plain = dict(state)
    if isinstance(net := plain.get("network_"), Network):
        plain["network_"] = _plain_network(net)
    if isinstance(memory := plain.get("_memory"), Memory):
        mean = memory.average
        average = None if mean is None else {"theta": mean.theta, "count": mean.count}
        plain["_memory"] = {**vars(memory), "settings": vars(memory.settings), "average": average}
    return plain


def rebuilt(state: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes that were made plain.

    >>> net = Network([Dense(3, "tanh"), Dense(1)], n_features=2)
    >>> rebuilt(as_plain({"network_": net}))["network_"] == net
    True
    """
    state = dict(state)
    if isinstance(plain := state.get("network_"), dict):
        state["network_"] = _network(plain)
    if isinstance(plain := state.get("_memory"), dict):
        average = None if plain["average"] is None else Average(**plain["average"])
        state["_memory"] = Memory(**{**plain, "settings": SimpleNamespace(**plain["settings"]), "average": average})
    return state


def _plain_network(net: Network) -> Any:
    layers = [
        {
            "n_outputs": layer.n_outputs,
            "activation": layer.activation.name,
            "bias": layer.bias,
            "weight_init": layer.weight_init.name,
            "bias_init": layer.bias_init.name,
            "dropout": layer.dropout,
        }
        for layer in net.layers
    ]
    plain = {
        "layers": layers,
        "n_features": net.n_features,
        "loss": net.loss.name,
        "input_dropout": net.dropout_rates[0],
    }
    try:
        return plain if _network(plain) == net else net
    except InvalidValue:  # a name that is nobody's but the user's
        return net


def _network(plain: dict[str, Any]) -> Network:
    return Network(**{**plain, "layers": [Dense(**layer) for layer in plain["layers"]]})
