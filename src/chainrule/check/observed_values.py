"""Observed values: every array that names hold, by its path, those too whose entries units keep one by one.

Lists of units make one array of what each of them keeps, ``layers[1][*].weights``; numbers that are counted, w1, w2, …,
make one, ``w#``. So a network of objects looks like one of matrices.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.slots import arrays_of_class

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.check.edits.program import Vector

DEPTH = 7  # of things within each other
MOST_PARTS = 80  # arrays of one thing
MOST_ITEMS = 400  # of a list of things that are no numbers
MOST_NUMBERS = 200_000  # in one array: a larger one is left out
FEW = 12  # items that are looked at one by one, too
ONE_BY_ONE = re.compile(r"\[\d+\]")
COUNTED = re.compile(r"^(.*?[A-Za-z])_?(\d{1,3})$")
OWN = (int, float, np.number, np.ndarray)
OPAQUE = (str, bytes, type, ModuleType, FunctionType, MethodType, BuiltinFunctionType, np.random.RandomState)

Arrays = dict[str, "Vector"]


def arrays_in(names: Mapping[str, Any]) -> Arrays:
    """Copies of all arrays that names hold, by their paths.

    >>> class Unit:
    ...     def __init__(self, *weights): self.weights, self.bias = list(weights), 0.5
    >>> found = arrays_in({"layer": [Unit(1.0, 2.0), Unit(3.0, 4.0)], "w1": 5.0, "w2": 6.0})
    >>> found["layer[*].weights"].shape, found["layer[*].bias"].shape, found["w#"].tolist()
    ((2, 2), (2,), [5.0, 6.0])
    """
    return _Walk().of_fields({str(name): value for name, value in names.items()}, 0)


class _Walk:
    """Goes through things once each, and remembers what they hold."""

    def __init__(self) -> None:
        self.known: dict[int, Arrays] = {}

    def parts(self, value: Any, depth: int) -> Arrays:
        """What a thing holds, by the paths within it; "" is it itself."""
        if isinstance(value, int | float | np.number):
            return {"": np.asarray(value, dtype=np.float64)} if not isinstance(value, bool) else {}
        if isinstance(value, np.ndarray):
            return _of_array(value) if value.dtype.kind != "O" else self.of_items(list(value), depth)
        if depth > DEPTH or value is None or isinstance(value, OPAQUE):
            return {}
        if hasattr(type(value), "__array__"):
            return self.of_table(value, depth)
        if id(value) not in self.known:
            plain = {} if isinstance(value, list | tuple | dict) else fields_of(value)
            own = {f".{name}": one for name, one in plain.items() if isinstance(one, OWN)}
            self.known[id(value)] = self.of_fields(own, depth)  # for what knows this thing, and is known to it
            self.known[id(value)] = self._of_thing(value, depth)
        return self.known[id(value)]

    def _of_thing(self, value: Any, depth: int) -> Arrays:
        if isinstance(value, list | tuple):
            found = self.of_items(value, depth)
        elif isinstance(value, dict):
            found = (
                self.of_fields({f".{key}": one for key, one in value.items()}, depth) if len(value) < MOST_ITEMS else {}
            )
            if len({np.shape(one) for one in value.values() if isinstance(one, float | list | np.ndarray)}) == 1:
                found |= {
                    f"{{*}}{path}": one for path, one in _stacked([self.parts(v, depth + 1) for v in value.values()])
                }
        else:
            found = self.of_fields({f".{name}": one for name, one in fields_of(value).items()}, depth)
        if len(found) <= MOST_PARTS:
            return found
        return dict(sorted(found.items(), key=lambda one: _one_by_one(one[0]))[:MOST_PARTS])

    def of_items(self, items: Sequence[Any], depth: int) -> Arrays:
        """What the items of a list hold: together, and one by one where they are few."""
        if not items or len(items) * np.size(items[0] if isinstance(items[0], np.ndarray) else 0) > MOST_NUMBERS:
            return {}
        if len(items) > FEW and (whole := _as_table(items)) is not None:
            return {"": whole}
        if len(items) > MOST_ITEMS:
            return {}
        if all(isinstance(one, int | float | np.number) for one in items):
            return {"": np.asarray(items, dtype=np.float64)}
        parts = [self.parts(one, depth + 1) for one in items]
        found: Arrays = {}
        if len(items) <= FEW:
            found |= {f"[{k}]{path}": one for k, some in enumerate(parts) for path, one in some.items()}
        return dict(_as_rows(_stacked(parts))) | found

    def of_table(self, value: Any, depth: int) -> Arrays:
        """What another library's array holds, or its series of things by their names."""
        array = np.asarray(value)
        if array.dtype.kind != "O":
            return _of_array(array)
        named = dict(value.items()) if array.ndim == 1 and hasattr(value, "items") else {}
        return self.of_fields({f".{name}": one for name, one in named.items()}, depth)

    def of_fields(self, fields: Mapping[str, Any], depth: int) -> Arrays:
        """What names hold, their own numbers and arrays first, then those of things within."""
        own = [name for name, one in fields.items() if isinstance(one, OWN)]
        found = {name + path: one for name in own for path, one in self.parts(fields[name], depth + 1).items()}
        found |= _counted(found)
        for name, value in fields.items():
            if name not in found:
                found |= {name + path: one for path, one in self.parts(value, depth + 1).items()}
        return found


@lru_cache(maxsize=8192)
def _one_by_one(path: str) -> int:
    """How many places of a path are those of single items: what is together is seen first."""
    return len(ONE_BY_ONE.findall(path))


def fields_of(thing: Any) -> dict[str, Any]:
    """The attributes of an object, and the arrays of its class."""
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ()) if isinstance(name, str)]
    own = {name: getattr(thing, name) for name in slots if hasattr(thing, name)}
    return arrays_of_class(thing) | own | dict(getattr(thing, "__dict__", {}))


def _of_array(array: Vector) -> Arrays:
    if array.dtype.kind not in "fiub" or array.size > MOST_NUMBERS:
        return {}
    copy = np.array(array, dtype=np.float64)
    slices = {f"[{k}]": copy[k] for k in range(len(copy))} if copy.ndim == 3 and len(copy) <= FEW else {}
    return {"": copy} | slices


def _as_table(items: Sequence[Any]) -> Vector | None:
    """Rows of numbers as an array, None where they are something else."""
    first = items[0]
    if not isinstance(first, list | tuple | int | float | np.number | np.ndarray):
        return None
    if len(items) * np.size(first if isinstance(first, np.ndarray) else len(np.atleast_1d(0))) > MOST_NUMBERS:
        return None
    try:
        return np.array(items, dtype=np.float64)
    except (TypeError, ValueError):  # rows of several lengths, or no numbers
        return None


def _stacked(parts: Sequence[Arrays]) -> list[tuple[str, Vector]]:
    """What all things of a list hold alike, or all but the first or the last, as one array each."""
    found = []
    for path in dict.fromkeys(path for some in (parts[-1], parts[0]) for path in some) if parts else ():
        has = [path in some for some in parts]
        group = [some[path] for some in parts if path in some]
        ends = len(group) == len(parts) - 1 > 0 and not (has[0] and has[-1])
        alike = (len(group) == len(parts) or ends) and len({one.shape for one in group}) == 1
        if alike and group[0].size * len(group) <= MOST_NUMBERS:
            found.append((path, np.stack(group)))
    return found


def _as_rows(stacks: Sequence[tuple[str, Vector]]) -> list[tuple[str, Vector]]:
    return [(f"[*]{path}" if path else "", one) for path, one in stacks]


def _counted(found: Arrays) -> Arrays:
    """Numbers whose names are counted, as one array: w1, w2, …; of w11, w12, w21, w22 also a matrix."""
    groups: dict[str, dict[str, Vector]] = defaultdict(dict)
    for name, value in found.items():
        if value.size == 1 and (match := COUNTED.match(name)):
            groups[match[1]][match[2]] = value.reshape(())
    made: Arrays = {}
    for name, group in groups.items():
        ordered = [group[digits] for digits in sorted(group, key=lambda one: (len(one), one))]
        if len(group) > 1:
            made[f"{name}#"] = np.array(ordered)
        sides = [len({digits[k] for digits in group}) for k in (0, 1)] if {len(d) for d in group} == {2} else [0, 0]
        if sides[0] * sides[1] == len(group) > 1:
            made[f"{name}##"] = np.array(ordered).reshape(sides)
    return made
