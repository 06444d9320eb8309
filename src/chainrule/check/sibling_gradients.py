"""Sibling gradients: a function for each block, grad_W1(X, T), grad_b1(X, T), …, which are checked as one."""

from __future__ import annotations

import re
from types import FunctionType
from typing import TYPE_CHECKING, Any

from chainrule.check.own_forward import asked_of
from chainrule.check.parameter_roles import bind

if TYPE_CHECKING:
    from chainrule.network.network import Network

OF_BLOCK = re.compile(r"(?i)(?:(?<=_)|(?<=_d)|(?<=^d)|(?<=[a-z]))(w|b|weights?|bias(?:es)?|[vu])_?(\d*)$")
FROM_OTHERS = ("", "error", "function")  # what only another of them, or their caller, could hand over


def together(student: Any, net: Network) -> Any:
    """Return one function of all gradients where a function gives that of one block and others those of the rest.

    >>> from chainrule import Dense, Network
    >>> def by_W(W, b, X, T): ...
    >>> together(by_W, Network([Dense(1)], n_features=2)) is by_W  # nothing beside it gives that of b
    True
    """
    if not isinstance(student, FunctionType) or (own := OF_BLOCK.search(student.__name__)) is None:
        return student
    space, stem = student.__globals__, student.__name__[: own.start()]
    named: dict[tuple[str, int], str] = {}
    for name, one in space.items():
        match = OF_BLOCK.search(name)
        if isinstance(one, FunctionType) and match is not None and name[: match.start()] == stem:
            named["b" if match[1].lower().startswith("b") else "W", int(match[2] or 1)] = name
    places = {number: k for k, number in enumerate(sorted({number for _, number in named}), start=1)}
    found = {f"{letter}{places[number]}": name for (letter, number), name in named.items()}
    if found.keys() != net.shapes.keys() or len(found) < 2 or student.__name__ not in found.values():
        return student
    if any(one.role in FROM_OTHERS for name in found.values() for one in bind(space[name], net)):
        return student
    return _as_one(found, space)


def _as_one(found: dict[str, str], space: dict[str, Any]) -> FunctionType:
    """A function of all that the others ask for, which calls each and returns their gradients by name."""
    takes = {name: [one for one in asked_of(space[name]) if one.default is one.empty] for name in found.values()}
    names = dict.fromkeys(one.name for parameters in takes.values() for one in parameters)
    calls = [
        f"'d{block}': {name}({', '.join(f'{one.name}={one.name}' for one in takes[name])})"
        for block, name in found.items()
    ]
    made: dict[str, FunctionType] = {}
    exec(f"def gradients({', '.join(names)}):\n    return {{{', '.join(calls)}}}", space, made)  # noqa: S102 - their names
    return made["gradients"]
