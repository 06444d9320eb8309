"""Wrappers: code that cannot be called as it is is refused with the few lines that make it callable."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.check.parameter_roles import Parameter
    from chainrule.check.student_objects import Slot
    from chainrule.network.network import Network


class UnknownParameters(InvalidValue):
    """Code asks for something whose name tells nothing."""

    def __init__(self, missing: Sequence[str], *told: str) -> None:
        super().__init__(*told)
        self.missing = tuple(missing)


def _as_kept(block: str, shape: tuple[int, ...], net: Network) -> str:
    """Write a block in the shape in which an object keeps it."""
    wanted = net.shapes.get(block, shape)
    if shape == wanted:
        return block
    return f"{block}.T" if shape == wanted[::-1] else f"{block}.reshape{shape}"


def refusal(
    function: Any,
    missing: Sequence[str],
    parameters: Sequence[Parameter],
    net: Network,
    places: Mapping[str, Slot] | None = None,
) -> UnknownParameters:
    """Return the error that says which parameters are unknown, with the wrapper to write, in the code's own names.

    ``places`` are where an object keeps its blocks, for a method of one.

    >>> from chainrule import Dense, Network
    >>> from chainrule.check.parameter_roles import bind
    >>> net = Network([Dense(1)], n_features=2)
    >>> def step(stuff, X, y): ...
    >>> print(refusal(step, ["stuff"], bind(step, net), net))
    I do not know what to give to the parameter 'stuff' of step. Wrap it, with what you give for …:
    def backprop(W1, b1, X, T):
        return step(..., X, T)
    check_backprop(backprop, net)
    """
    named = ", ".join(repr(name) for name in missing)
    name = getattr(function, "__name__", type(function).__name__)
    given = ", ".join(f"{one.name}={one.written}" if one.by_name else one.written for one in parameters)
    word = "parameter" if len(missing) == 1 else "parameters"
    lines = [f"    return {name}({given})"]
    if places and inspect.ismethod(function):
        targets = ", ".join(f"model{slot.path}" for slot in places.values())
        values = ", ".join(_as_kept(block, slot.array.shape, net) for block, slot in places.items())
        lines = [f"    {targets} = {values}", f"    return model.{name}({given})"]
    wrapper = "\n".join([f"def backprop({', '.join(net.shapes)}, X, T):", *lines])
    return UnknownParameters(
        missing,
        f"I do not know what to give to the {word} {named} of {name}. Wrap it, with what you give for …:",
        f"{wrapper}\ncheck_backprop(backprop, net)",
    )
