"""The registry: activations, losses and initialisers by name, with a number where they take one, or your own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from chainrule.errors import InvalidValue, unknown_name
from chainrule.maths import initializers, losses
from chainrule.maths.activations import ACTIVATIONS, Activation
from chainrule.maths.initializers import Initializer
from chainrule.maths.loss import Loss

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Part = TypeVar("Part", Activation, Loss, Initializer)


def as_activation(activation: str | Activation) -> Activation:
    """Return the activation of that name, or the activation itself."""
    if isinstance(activation, Activation):
        return _own(activation, "forward", "backward")
    return _find("activation", activation, ACTIVATIONS, {})


def as_loss(loss: str | Loss) -> Loss:
    """Return the loss of that name, ``"huber(2.0)"`` and ``"quantile(0.9)"`` among them, or the loss itself.

    >>> as_loss("huber(2.0)").name
    'huber(2.0)'
    """
    if isinstance(loss, Loss):
        return _own(loss, "value", "gradient", "check_targets")
    return _find("loss", loss, losses.LOSSES, losses.PARAMETRIZED)


def as_initializer(initializer: str | Initializer) -> Initializer:
    """Return the initialiser of that name, ``"normal(0.58)"`` and ``"uniform(0.1)"`` among them, or itself.

    >>> as_initializer("normal(0.58)").name
    'normal(0.58)'
    """
    if isinstance(initializer, Initializer):
        return _own(initializer, "draw")
    return _find("initialiser", initializer, initializers.INITIALIZERS, initializers.PARAMETRIZED)


def _own(part: Part, *functions: str) -> Part:
    """Return a part of your own, whose functions have to be functions."""
    for name in functions:
        if not callable(given := getattr(part, name)):
            kind = type(part).__name__
            raise InvalidValue(f"{name} of the {kind} {part.name!r} must be a function, got {type(given).__name__}.")
    return part


def _find(
    what: str, name: str, registry: Mapping[str, Part], parametrized: Mapping[str, Callable[[float], Part]]
) -> Part:
    if isinstance(name, str) and name in registry:
        return registry[name]
    called = re.fullmatch(r"\s*(\w+)\((.*)\)\s*", str(name))
    if called and called[1] in parametrized:
        return _call(called[1], called[2], parametrized[called[1]], name)
    raise unknown_name(what, name, [*registry, *(f"{each}(…)" for each in parametrized)])


def _call(name: str, text: str, make: Callable[[float], Part], given: str) -> Part:
    try:
        number = float(text)
    except ValueError:
        raise InvalidValue(f"{name} needs one number, as in {name}(0.5), got {given!r}.") from None
    try:
        return make(number)
    except ValueError as error:
        raise InvalidValue(f"Cannot use {given!r}: {error}") from error
