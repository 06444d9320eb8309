"""Networks described: all of a network in values that JSON knows, and the network made of them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from chainrule.errors import ChainruleError, InvalidFile, InvalidValue
from chainrule.maths.activations import Activation
from chainrule.maths.initializers import Initializer
from chainrule.maths.loss import Loss
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.network.registry import as_activation, as_initializer, as_loss

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Own: TypeAlias = Activation | Loss | Initializer
Part = TypeVar("Part", Activation, Loss, Initializer)
FIND: dict[type[Own], Any] = {Activation: as_activation, Loss: as_loss, Initializer: as_initializer}


def describe(net: Network) -> dict[str, Any]:
    """Return everything about a network in values that JSON knows; a part of your own is told by its name.

    Examples
    --------
    >>> net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> describe(net)["layers"][0]["activation"]
    'sigmoid'
    >>> network_of(describe(net)) == net
    True
    """
    return {
        "n_features": net.n_features,
        "input_dropout": net.input_dropout,
        "loss": describe_part(net.loss),
        "layers": [
            {
                "n_outputs": layer.n_outputs,
                "activation": describe_part(layer.activation),
                "bias": layer.bias,
                "weight_init": describe_part(layer.weight_init),
                "bias_init": describe_part(layer.bias_init),
                "dropout": layer.dropout,
            }
            for layer in net.layers
        ],
        "n_parameters": net.n_parameters,
    }


def describe_part(part: Own) -> str | dict[str, str]:
    """Return a built-in part's name, and of your own part that it is so."""
    try:
        built_in = FIND[type(part)](part.name) == part
    except InvalidValue:
        built_in = False
    return part.name if built_in else {"own": part.name}


def network_of(description: Mapping[str, Any], *, own: Sequence[Own] = (), source: object = "The text") -> Network:
    """Make the network that :func:`describe` described; ``source`` is what a complaint says it came from.

    Raises
    ------
    InvalidFile
        Where the description is not one of a network, or names a part of your own that is not among ``own``.
    """
    try:
        layers = [
            Dense(
                layer["n_outputs"],
                find_part(layer["activation"], Activation, own, source),
                layer["bias"],
                weight_init=find_part(layer["weight_init"], Initializer, own, source),
                bias_init=find_part(layer["bias_init"], Initializer, own, source),
                dropout=layer.get("dropout", 0.0),  # the first files say nothing of dropout
            )
            for layer in description["layers"]
        ]
        loss, input_dropout = find_part(description["loss"], Loss, own, source), description.get("input_dropout", 0.0)
        net = Network(layers, description["n_features"], loss, input_dropout=input_dropout)
    except InvalidFile:
        raise
    except (ChainruleError, KeyError, TypeError, AttributeError) as error:
        raise InvalidFile(f"{source} is damaged: it does not describe a network ({error}).") from error
    if description.get("n_parameters") != net.n_parameters:
        raise InvalidFile(
            f"{source} is damaged: its layers have {net.n_parameters} parameters, its header says "
            f"{description.get('n_parameters')!r}."
        )
    return net


def find_part(described: Any, kind: type[Part], own: Sequence[Own], source: object) -> str | Part:
    """Return the name of a built-in part, or the user's own part of that name."""
    if isinstance(described, str):
        return described
    name = described["own"]
    for part in own:
        if isinstance(part, kind) and part.name == name:
            return part
    raise InvalidFile(
        f"{source} uses the {kind.__name__.lower()} {name!r} of your own, and code is never stored in a file. "
        "Pass it: cr.load(path, own=[...])."
    )
