"""Guards: what keeps our own code right while a student's runs: a limit on every call, and a clean Python around it."""

from __future__ import annotations

import builtins
import faulthandler
import functools
import os
import sys
import time
import types
import warnings
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.sandbox.loading import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEPT = (
    "chainrule",
    "numpy",
    "scipy",
    "builtins",
    "math",
    "os",
    "sys",
    "io",
    "json",
    "copy",
    "copyreg",
    "random",
    "time",
)
LENT = ("numpy", "scipy", "math", "random")  # whose changes hold while a student's functions run; no others do
GENEROUS = 9  # times the limit of a call, for all calls and the diagnosing of one function together
SPECIAL = ("__init__", "__call__")
MISSING = object()

_later, _cancel, _now = faulthandler.dump_traceback_later, faulthandler.cancel_dump_traceback_later, time.monotonic


class Guard:
    """Ends the process, leaving a stack, when a student's function does not come back.

    Attributes
    ----------
    error : BaseException or None
        What a student's function raised last.
    returned : str
        The type of what one returned last.
    calling : str
        The name of the function that was called last.
    """

    def __init__(self, seconds: float, stacks: str) -> None:
        self.seconds = seconds
        self.error: BaseException | None = None
        self.returned = ""
        self.calling = ""
        self._stacks = stacks
        self._end = float("inf")
        self._file = 2
        self._depth = 0
        self._calls = True
        self._surroundings: Surroundings | None = None

    def begin(self, surroundings: Surroundings | None = None, *, calls: bool = True, generous: bool = True) -> None:
        """Begin with a function, or with something else that is under a limit.

        Parameters
        ----------
        surroundings : Surroundings, optional
            What a student's code changed, which holds while that runs.
        calls : bool
            Whether each call has a limit of its own, too.
        generous : bool
            Whether the whole has more time than one call.
        """
        self._file = os_open(self._stacks, APPEND)
        faulthandler.enable(self._file)
        total = GENEROUS * self.seconds if generous else self.seconds
        self._calls = calls
        self._end, self._depth, self.error, self.returned, self.calling = _now() + total, 0, None, "", ""
        self._surroundings = surroundings
        _later(total, exit=True, file=self._file)

    @property
    def inside(self) -> bool:
        """Whether one of a student's functions is running."""
        return self._depth > 0

    def end(self) -> None:
        """Nothing of a student's runs any more."""
        _cancel()

    def watch(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function under a limit of time."""

        @functools.wraps(function, updated=())
        def watched(*args: Any, **kwargs: Any) -> Any:
            if self._depth:
                return function(*args, **kwargs)
            self._enter(name)
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                self.error = error
                raise
            finally:
                self._leave()
            self.returned = type(result).__name__
            return result

        return watched

    def _enter(self, name: str) -> None:
        self._depth, self.calling, self.error = 1, name, None
        if self._calls:
            left = max(self._end - _now(), 0.05)
            _later(min(self.seconds, left), exit=True, file=self._file)
        if self._surroundings is not None:
            self._surroundings.theirs()

    def _leave(self) -> None:
        if self._surroundings is not None:
            self._surroundings.ours()
        self._depth = 0
        if self._calls:
            _later(max(self._end - _now(), 0.05), exit=True, file=self._file)


os_open, APPEND = os.open, os.O_WRONLY | os.O_APPEND | os.O_CREAT


def watch_all(module: ModuleType, names: tuple[str, ...], guard: Guard) -> None:
    """Put a student's functions of these names, and all methods of their classes, under a guard."""
    for name in dict.fromkeys(name.split(".")[0] for name in names):
        found = vars(module).get(name)
        if isinstance(found, type):
            for one in found.__mro__:
                if one.__module__ == NAME:
                    _watch_class(one, guard)
        elif callable(found):
            vars(module)[name] = guard.watch(name, found)


def _watch_class(kind: type, guard: Guard) -> None:
    for name, value in list(vars(kind).items()):
        if name in SPECIAL or not name.startswith("__"):
            try:
                setattr(kind, name, _watched_member(f"{kind.__name__}.{name}", value, guard))
            except (AttributeError, TypeError):
                continue  # a class that cannot be changed runs unwatched, under the limit of the whole


def _watched_member(name: str, value: object, guard: Guard) -> object:
    if isinstance(value, FunctionType):
        return guard.watch(name, value)
    if isinstance(value, staticmethod | classmethod):
        return type(value)(guard.watch(name, value.__func__))
    if isinstance(value, property):
        fget, fset, fdel = (part and guard.watch(name, part) for part in (value.fget, value.fset, value.fdel))
        return property(fget, fset, fdel, value.__doc__)
    return value


class Surroundings:
    """Python as it was before a student's code ran: what that changes in other modules holds for that code alone."""

    def __init__(self) -> None:
        self._owners = [*_modules(), *_classes()]
        self._before = [dict(vars(owner)) for owner in self._owners]
        self._modules = dict(sys.modules)
        self._path = list(sys.path)
        self._numpy = np.geterr()
        self._printing = np.get_printoptions()
        self._recursion = sys.getrecursionlimit()
        self._set = (sys.settrace, sys.setprofile, sys.setrecursionlimit, os.umask)
        self._changed: list[tuple[Any, str, Any, Any]] = []  # whose, name, ours, theirs

    def restore(self) -> None:
        """Look for what a student's code changed, and take it back until its next call."""
        self.ours()
        found = [
            one for owner, before in zip(self._owners, self._before, strict=True) for one in _changes(owner, before)
        ]
        self._changed = _latest([*self._changed, *found])
        self.ours()
        trace, profile, recursion, umask = self._set
        trace(None)
        profile(None)
        recursion(self._recursion)
        umask(0o022)
        sys.modules.update(self._modules)
        sys.path.extend(one for one in self._path if one not in sys.path)
        np.seterr(**self._numpy)
        np.set_printoptions(**self._printing)

    def ours(self) -> None:
        """Set what was changed to what it was."""
        for owner, name, ours, _ in self._changed:
            _set(owner, name, ours)

    def theirs(self) -> None:
        """Set what was changed to what a student's code made of it."""
        for owner, name, _, theirs in self._changed:
            if getattr(owner, "__name__", "").split(".")[0] in LENT:
                _set(owner, name, theirs)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let Python be as it was inside a ``with``, in the middle of a student's call."""
        self.ours()
        try:
            yield
        finally:
            self.theirs()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Be quiet inside a ``with``, and take back behind it what a student's code changed."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                yield
            finally:
                self.restore()


def _modules() -> list[ModuleType]:
    """Return the modules that we need as they are."""
    return [
        module
        for name, module in list(sys.modules.items())
        if name.split(".")[0] in KEPT and isinstance(module, ModuleType)
    ]


def _classes() -> list[type]:
    """Return chainrule's own classes."""
    ours = [module for module in _modules() if module.__name__.startswith("chainrule")]
    found = {id(value): value for module in ours for value in vars(module).values() if isinstance(value, type)}
    return [value for value in found.values() if value.__module__.startswith("chainrule")]


VOLATILE = (
    "stdout",
    "stderr",
    "stdin",
    "modules",
    "last_type",
    "last_value",
    "last_traceback",
    "_",
    "__warningregistry__",
)


def _changes(owner: Any, before: dict[str, Any]) -> Iterator[tuple[Any, str, Any, Any]]:
    now = vars(owner)
    for name, ours in before.items():
        theirs = now.get(name, MISSING)
        if theirs is not ours and name not in VOLATILE:
            yield owner, name, ours, theirs
    if isinstance(owner, type):
        for name in [name for name in now if name not in before and not name.startswith("__")]:
            yield owner, name, MISSING, now[name]


def _latest(changed: list[tuple[Any, str, Any, Any]]) -> list[tuple[Any, str, Any, Any]]:
    """Keep one change of a name, the last."""
    return list({(id(owner), name): (owner, name, ours, theirs) for owner, name, ours, theirs in changed}.values())


def _set(owner: Any, name: str, value: Any) -> None:
    if value is MISSING:
        if name in vars(owner):
            delattr(owner, name)
    elif isinstance(owner, types.ModuleType):
        vars(owner)[name] = value
    else:
        setattr(owner, name, value)


def nobody_answers(*_: object) -> str:
    """Stand for ``input``.

    Raises
    ------
    EOFError
        Always.
    """
    raise EOFError("It asks for input; nobody is there to answer.")


def replace_input() -> None:
    """Let ``input`` say that nobody answers."""
    builtins.input = nobody_answers
