"""Kept state: what the modules of a student's code hold, their classes and their objects, is put back afterwards."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MOST_KEPT = 20_000  # lists, dicts, arrays and objects


@contextmanager
def state_kept(functions: Iterable[FunctionType], spaces: Iterable[dict[str, Any]] = ()) -> Iterator[None]:
    """Let the modules of functions, other spaces of names, and the functions' defaults hold afterwards what they held.

    Lists, dicts and arrays stay what they are, and hold again what they held, however deep they are.

    Examples
    --------
    >>> rows = [[1, 2], [3]]
    >>> space = {"rows": rows, "count": 1}
    >>> with state_kept([], [space]):
    ...     rows[0].append(9)
    ...     space["count"], space["new"] = 2.5, True
    >>> rows, space["count"], "new" in space
    ([[1, 2], [3]], 1, False)
    """
    own = list(functions)
    held = {id(space): space for space in (*spaces, *(one.__globals__ for one in own))}
    kept: dict[int, tuple[Any, Any]] = {}
    classes: list[tuple[type, dict[str, Any]]] = []
    for space in held.values():
        kept[id(space)] = (space, dict(space))
        for name, value in space.items():
            if isinstance(value, type) and value.__module__ == space.get("__name__"):
                classes.append((value, _data_of(vars(value))))
                _keep(classes[-1][1], kept)
            elif not name.startswith("__"):
                _keep(value, kept)
    for one in own:
        _keep([*(one.__defaults__ or ()), *(one.__kwdefaults__ or {}).values()], kept)
    try:
        yield
    finally:
        for thing, was in kept.values():
            _put_back(thing, was)
        for owner, attributes in classes:
            for name, value in attributes.items():
                if vars(owner).get(name) is not value:
                    setattr(owner, name, value)


def _data_of(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a class that are no methods."""
    return {
        name: value
        for name, value in attributes.items()
        if not (name.startswith("__") or callable(value) or hasattr(value, "__get__"))
    }


def _keep(value: Any, kept: dict[int, tuple[Any, Any]]) -> None:
    """Note what a value holds, and what is in it."""
    if id(value) in kept or len(kept) > MOST_KEPT or isinstance(value, ModuleType | type | FunctionType):
        return
    if isinstance(value, np.ndarray):
        kept[id(value)] = (value, value.copy())
    elif isinstance(value, list | dict | set):
        kept[id(value)] = (value, value.copy())
        for one in value.values() if isinstance(value, dict) else value:
            _keep(one, kept)
    elif isinstance(value, tuple):
        for one in value:
            _keep(one, kept)
    elif isinstance(getattr(value, "__dict__", None), dict):
        _keep(vars(value), kept)


def _put_back(thing: Any, was: Any) -> None:
    if isinstance(thing, np.ndarray):
        with suppress(ValueError):  # an array that can be read only
            if thing.shape == was.shape:
                thing[...] = was
    elif isinstance(thing, list):
        thing[:] = was
    else:
        thing.clear()
        thing.update(was)
