"""Copies of students' objects as ``copy.deepcopy`` makes them, and faster of what they are usually made of."""

from __future__ import annotations

import copy
import copyreg
import operator
import random
from collections import OrderedDict
from types import BuiltinFunctionType, FunctionType, MethodType, NoneType, SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

CODE = (type, FunctionType, BuiltinFunctionType, np.ufunc)
NUMBERS = (int, float, bool, complex, np.float64, np.float32, np.int64, np.int32)
SHARED = frozenset([NoneType, str, bytes, *NUMBERS, *CODE])  # by an object and its copy
STREAMS = frozenset([random.Random, np.random.Generator, np.random.RandomState])
OF_COPYING = ("__new__", "__reduce__", "__reduce_ex__", "__getstate__", "__getattribute__")
KINDS: WeakKeyDictionary[type, bool] = WeakKeyDictionary()
HOOKS = ("__deepcopy__", "__setstate__", "__getnewargs__", "__getnewargs_ex__", "__getattr__", "__slots__")


class Copies:
    """Copies that share what their originals shared.

    ``made`` are those made so far, by the identity of their originals; ``unusual`` tells whether there was one among
    them that says itself how it is copied.

    >>> row = [0.0]
    >>> first, second = Copies().of([row, row])
    >>> first is second, first is row
    (True, False)
    """

    def __init__(self) -> None:
        self.made: dict[int, Any] = {}
        self.unusual = False
        self._known: dict[type, bool] = {SimpleNamespace: True}

    def of(self, thing: Any) -> Any:
        """Return the copy of a thing."""
        kind = type(thing)
        if kind in SHARED or (kind is tuple and SHARED.issuperset(map(type, thing))):
            return thing
        if id(thing) in self.made:
            return self.made[id(thing)]
        if kind is list:
            return self._of_list(thing)
        if kind is dict or kind is OrderedDict:
            return self._of_dict(thing)
        if self._is_usual(kind):
            return self._of_object(thing)
        self.made[id(thing)] = found = self._of_kind(kind, thing)
        return found

    def _is_usual(self, kind: type) -> bool:
        if kind not in self._known:
            self._known[kind] = _is_known_as_usual(kind)
        return self._known[kind]

    def _of_kind(self, kind: type, thing: Any) -> Any:
        """Return the copy of an array, a method, a tuple or a stream; of anything else the one it makes of itself."""
        if kind is np.ndarray and not thing.dtype.hasobject:
            return thing.copy(order="K")
        if kind is MethodType:
            return MethodType(thing.__func__, self.of(thing.__self__))
        if kind is tuple:
            parts = [self.of(one) for one in thing]
            return thing if all(map(operator.is_, parts, thing)) else self.made.get(id(thing), tuple(parts))
        self.unusual |= kind not in STREAMS
        return _of_stream(thing) if kind is random.Random else copy.deepcopy(thing, self.made)

    def _of_list(self, things: list[Any]) -> list[Any]:
        self.made[id(things)] = found = things.copy()
        if not SHARED.issuperset(map(type, things)):
            found[:] = [self.of(one) for one in things]
        return found

    def _of_dict(self, things: dict[Any, Any]) -> dict[Any, Any]:
        self.made[id(things)] = found = type(things)()
        for key, value in things.items():
            copied_key = key if type(key) in SHARED else self.of(key)
            found[copied_key] = value if type(value) in SHARED else self.of(value)
        return found

    def _of_object(self, thing: Any) -> Any:
        kind: Any = type(thing)
        self.made[id(thing)] = found = kind.__new__(kind)
        vars(found).update(self._of_dict(vars(thing)))
        return found


def _of_stream(stream: random.Random) -> random.Random:
    found = random.Random(0)  # noqa: S311 - the student's own
    found.setstate(stream.getstate())
    return found


def _is_known_as_usual(kind: type) -> bool:
    if kind not in KINDS:
        KINDS[kind] = is_usual(kind)
    return KINDS[kind]


def is_usual(kind: type) -> bool:
    """Whether an object of a class is its attributes and nothing else, and the class says nothing of how it is copied.

    >>> class Net: ...
    >>> is_usual(Net), is_usual(np.ndarray), is_usual(random.Random)
    (True, False, False)
    """
    usual = all(getattr(kind, name, None) is getattr(object, name, None) for name in OF_COPYING)
    able = usual and kind.__dictoffset__ != 0 and kind not in copyreg.dispatch_table
    return able and not any(hasattr(kind, name) for name in HOOKS)
