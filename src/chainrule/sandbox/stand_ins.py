"""Stand-ins: right functions in the place of a submission's, for a while. A part of the child's program.

They see Python and NumPy as they were before the submission's code ran, whatever that has changed.
"""

from __future__ import annotations

import builtins
import sys
import types
from functools import wraps
from typing import Any

import numpy as np
import numpy.typing as npt

TYPING = npt  # is imported so that the copy of NumPy has it
NO = object()
NAME = "stand_in"


class StandIns:
    """Those that stand in now, and what they stand for."""

    def __init__(self, module: types.ModuleType) -> None:
        self.module = module
        self.space: dict[str, Any] = {}  # of the text that they are from
        self._kept: list[tuple[Any, str, Any]] = []
        self._used: list[str] = []
        self._numpy, self._builtins = dict(vars(np)), dict(vars(builtins))
        self._exec, self._compile, self._isinstance = exec, compile, isinstance

    def begin(self, text: str, file: str, names: list[str]) -> None:
        """Put the functions of a text that have these names into the module, or into their classes."""
        self._used = []
        self.space = {"__name__": NAME, "__builtins__": self._untouched()}
        sys.modules[NAME] = types.ModuleType(NAME)  # its dataclasses look themselves up
        self._exec(self._compile(text, file, "exec", dont_inherit=True), self.space)
        for name in names:
            self._put_right(name)

    def end(self) -> list[str]:
        """Take them out again; return the names of those that were called."""
        for owner, name, value in reversed(self._kept):
            _put(owner, name, value)
        self._kept, self.space = [], {}
        sys.modules.pop(NAME, None)
        return sorted(set(self._used))

    def find(self, space: dict[str, Any], name: str) -> Any:
        """Return a function, or a method as its class has it; NO where there is none."""
        first, *rest = name.split(".")
        found: Any = space.get(first, NO)
        for one in rest:
            kinds = found.__mro__[:-1] if self._isinstance(found, type) else ()  # object's own are nobody's work
            found = next((vars(kind)[one] for kind in kinds if one in vars(kind)), NO)
        return found.__func__ if self._isinstance(found, (staticmethod, classmethod)) else found

    def _untouched(self) -> dict[str, Any]:
        """Return the builtins as they were, and an import that finds NumPy as it was."""
        untouched = types.ModuleType("numpy")
        vars(untouched).update(self._numpy)
        original, real = self._builtins["__import__"], np

        def load(name: str, *args: Any) -> Any:
            found = original(name, *args)
            return untouched if found is real else found

        return {**self._builtins, "__import__": load}

    def _put_right(self, name: str) -> None:
        first, *rest = name.split(".")
        owner: Any = self.module if not rest else vars(self.module).get(first, NO)
        if rest and not self._isinstance(owner, type):
            owner, rest = self.module, []
        last = rest[-1] if rest else first
        right = self.find(self.space, name if rest else first)
        if right is not NO:
            self._kept.append((owner, last, vars(owner).get(last, NO)))
            _put(owner, last, right if self._isinstance(right, (type, property)) else self._noted(name, right))

    def _noted(self, name: str, function: Any) -> Any:
        """Return a function that notes that it was called."""

        @wraps(function)
        def stand_in(*args: Any, **kwargs: Any) -> Any:
            self._used.append(name)
            return function(*args, **kwargs)

        return stand_in


def _put(owner: Any, name: str, value: Any) -> None:
    """Set or delete; a class that cannot be changed keeps its own."""
    try:
        if value is NO:
            delattr(owner, name)
        else:
            setattr(owner, name, value)
    except (AttributeError, TypeError):
        pass
