"""Method roles: what an object's methods are given, and which one updates, told once as long as one check lasts."""

from __future__ import annotations

from functools import cached_property
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, TypeVar

from chainrule.check.methods import method_of
from chainrule.check.names import ASSUMED
from chainrule.check.own_forward import returned_names
from chainrule.check.parameter_roles import asked, bind
from chainrule.check.word_settings import CHOSEN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable

    from chainrule.check.parameter_roles import Parameter
    from chainrule.network.network import Network

Told = TypeVar("Told")


class MethodRoles:
    """Remembers what was told of functions and classes for a network, as long as names mean the same."""

    def __init__(self, net: Network) -> None:
        self.net = net
        self._known: dict[Hashable, Any] = {}

    def bound(self, method: Any, forward: Collection[str]) -> list[Parameter]:
        """What each parameter of a method is given; ``forward`` are the names that its forward pass gives."""
        key = None if (function := _function_of(method)) is None else ("bound", function, frozenset(forward))
        return self._told(key, lambda: bind(method, self.net, own=dict.fromkeys(forward, "forward")))

    def asked_names(self, method: Any) -> list[str]:
        """The names of what a method asks for."""
        key = None if (function := _function_of(method)) is None else ("asked", function)
        return self._told(key, lambda: [one.name for one in asked(method)])

    def returned_names(self, method: Any) -> tuple[str, ...]:
        """The names in a method's last return."""
        key = None if (function := _function_of(method)) is None else ("returned", function)
        return self._told(key, lambda: returned_names(method))

    def update_of(self, thing: Any) -> str | None:
        """The name of an object's method that updates its parameters; None where there is none."""
        kind = type(thing)
        own = tuple((name, callable(value)) for name, value in getattr(thing, "__dict__", {}).items())
        key = None if self._told(("computes", kind), lambda: _computes(kind)) else ("update", kind, own)
        return self._told(key, lambda: method_of(thing, "update"))

    def _told(self, key: Hashable | None, tell: Callable[[], Told]) -> Told:
        """What is told under a key, and while the names that are tried mean what they do now; anew where it is None."""
        if key is None:
            return tell()
        now = (key, *ASSUMED.get({}).items(), *CHOSEN.get({}).items())
        if now not in self._known:
            self._known[now] = tell()
        told: Told = self._known[now]
        return told


def _function_of(method: Any) -> tuple[FunctionType, bool] | None:
    """The function that a method is, and whether it is bound to an object; None of anything else that is called."""
    function = method.__func__ if isinstance(method, MethodType) else method
    return (function, function is method) if isinstance(function, FunctionType) else None


def _computes(kind: type) -> bool:
    """Whether asking an object for its attributes may run code of its class."""
    parts = [value for one in kind.__mro__[:-1] for value in vars(one).values()]
    return hasattr(kind, "__getattr__") or any(isinstance(value, (property, cached_property)) for value in parts)
