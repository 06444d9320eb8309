"""Slots: every place of an object that holds an array of numbers, and the objects that it holds."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType, NoneType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chainrule.check.edits.program import Vector

DEPTH = 4  # of objects, lists and dicts within each other
ONE_BIAS = re.compile(r"(?i)^_*(b_?\d*|bias_?\d*|intercept|(w|theta|beta)_?0)_*$")  # of one unit: a plain number
ONE_WEIGHT = re.compile(r"(?i)^_*(w_?([1-9]\d*)?|weight|slope|m)_*$")  # from one unit to another
NUMBER = re.compile(r"\d+")
PLAIN_NUMBERS = frozenset([float, int])
NUMBERS = PLAIN_NUMBERS | {np.float64, np.float32, np.int64}
NO_ARRAYS_OF_KIND = (
    type,
    random.Random,
    ModuleType,
    FunctionType,
    MethodType,
    BuiltinFunctionType,
    np.random.Generator,
    np.random.RandomState,
)
NO_ARRAYS = frozenset([str, bool, bytes, NoneType, *NO_ARRAYS_OF_KIND])


@dataclass(frozen=True, eq=False)
class Slot:
    """A place that holds an array: an attribute, an item of a list or of a dict, anywhere in an object."""

    container: Any
    key: Any
    path: str

    @property
    def value(self) -> Any:
        """What it holds now."""
        if isinstance(self.container, (dict, list, tuple)):
            return self.container[self.key]
        return getattr(self.container, self.key)

    @property
    def array(self) -> Vector:
        """What it holds now, as an array; an empty one where rows differ in length."""
        value = self.value
        try:
            return np.asarray(value, dtype=None if isinstance(value, np.ndarray) else np.float64)
        except (TypeError, ValueError):
            return np.zeros(0)

    def put(self, array: Vector) -> None:
        """Let it hold other numbers: in the same array or list where that can be, so that who shares it sees them."""
        old = self.value
        if isinstance(old, list):
            old[:] = array.tolist()
        elif isinstance(old, np.ndarray) and old.shape == array.shape and old.dtype == array.dtype and _is_own(old):
            old[...] = array
        elif isinstance(self.container, dict | list):
            self.container[self.key] = float(array.ravel()[0]) if _is_number(old) else array
        elif _is_number(old):
            setattr(self.container, self.key, float(array.ravel()[0]))
        else:
            setattr(self.container, self.key, array)

    @property
    def name(self) -> str:
        """The last word of its path, without numbers of lists and dicts: W1, weights, dW."""
        return last_word(self.path)


@lru_cache(maxsize=4096)
def last_word(path: str) -> str:
    """The last word of a path, without numbers of lists and dicts.

    >>> last_word(".layers[0].W"), last_word(".weights[1]")
    ('W', 'weights')
    """
    words = re.sub(r"\[[\d*]+\]", "", path).split(".")
    return next((word for word in reversed(words) if not word.isdigit()), "")


class Units(Slot):
    """The places in which the units of a layer hold each its own weights, or its own bias: together a block."""

    @property
    def value(self) -> Any:
        """What the units hold now."""
        return [slot.value for slot in self.container]

    @property
    def array(self) -> Vector:
        """A row for each unit."""
        return np.array([slot.array for slot in self.container], dtype=np.float64)

    def put(self, array: Vector) -> None:
        """Let every unit hold its row."""
        for slot, row in zip(self.container, array, strict=True):
            slot.put(np.asarray(row))


def slots_of(thing: Any) -> list[Slot]:
    """Every place of an object that holds an array of numbers, in the order in which the object keeps them."""
    return list(_walk(thing, "", 0, set()))


def _walk(thing: Any, path: str, depth: int, seen: set[int]) -> Iterator[Slot]:
    if depth > DEPTH or id(thing) in seen:
        return
    seen.add(id(thing))
    others = []
    for key, value in _parts(thing):  # its own come first: a layer may know the next one
        if type(value) in NO_ARRAYS or (type(value) in PLAIN_NUMBERS and not _is_of_one_unit(str(key))):
            continue
        if is_numbers(value) or (_is_number(value) and _is_of_one_unit(str(key))):
            yield Slot(thing, key, _path_to(thing, path, key))
        elif _may_hold_arrays(value):
            others.append((value, _path_to(thing, path, key)))
    for value, name in others:
        yield from _walk(value, name, depth + 1, seen)


@lru_cache(maxsize=4096)
def _is_of_one_unit(name: str) -> bool:
    return bool(ONE_BIAS.match(name) or ONE_WEIGHT.match(name))


def _path_to(thing: Any, path: str, key: Any) -> str:
    """The path of a part of a thing."""
    return f"{path}[{key}]" if isinstance(thing, (list, tuple)) else f"{path}.{key}"


def objects_in(thing: Any) -> Iterator[Any]:
    """An object, and the objects that it holds: its layers, in lists and dicts too."""
    seen = {id(thing)}
    pending = [(thing, 0)]
    for one, depth in pending:
        if hasattr(one, "__dict__"):
            yield one
        for _, value in _parts(one) if depth < DEPTH else ():
            if type(value) in NO_ARRAYS or type(value) in NUMBERS or id(value) in seen:
                continue
            if not is_numbers(value) and _may_hold_arrays(value):
                seen.add(id(value))
                pending.append((value, depth + 1))


def arrays_of_class(thing: Any) -> dict[str, Any]:
    """The arrays that a class keeps for all its objects, as far as an object has none of its own by that name."""
    found: dict[str, Any] = {}
    for one in reversed(type(thing).__mro__):
        found |= {name: value for name, value in vars(one).items() if isinstance(value, np.ndarray)}
    return {name: value for name, value in found.items() if name not in getattr(thing, "__dict__", {name: None})}


def is_numbers(value: Any) -> bool:
    """Whether something is an array of numbers, or a list of numbers or of rows of them."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiu"
    if isinstance(value, np.floating):
        return True
    if not isinstance(value, list) or not value:
        return False
    if all(issubclass(kind, list) for kind in set(map(type, value))):
        return len(set(map(len, value))) == 1 and bool(value[0]) and all(map(_are_numbers, value))
    return _are_numbers(value)


def _are_numbers(values: Iterable[Any]) -> bool:
    return NUMBERS.issuperset(map(type, values)) or all(map(_is_number, values))


def _is_number(value: Any) -> bool:
    return type(value) in NUMBERS or (isinstance(value, (int, float, np.number)) and type(value) is not bool)


def _is_own(array: Vector) -> bool:
    return bool(array.flags.writeable)


def _parts(thing: Any) -> Sequence[tuple[Any, Any]]:
    """The parts of a thing, with their keys."""
    if isinstance(thing, (list, tuple)):
        return list(enumerate(thing))
    return list((thing if isinstance(thing, dict) else vars(thing)).items())


def _may_hold_arrays(value: Any) -> bool:
    if isinstance(value, (dict, list, tuple)):
        return True
    return hasattr(value, "__dict__") and not isinstance(value, NO_ARRAYS_OF_KIND)


def place_of(slot: Slot) -> int:
    """Tell a slot from others, from call to call."""
    return hash((id(slot.container), slot.key))
