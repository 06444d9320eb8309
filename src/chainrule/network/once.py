"""once: a property that is computed when it is first asked for, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")


class once(Generic[Value]):  # a decorator, as property is
    """Keep what a method returns in the place of the method.

    ``functools.cached_property`` of Python 3.11 holds one lock for all instances while it computes: a process that is
    forked meanwhile would wait for it for ever.

    >>> class Circle:
    ...     @once
    ...     def radius(self):
    ...         print("measured")
    ...         return 2
    >>> circle = Circle()
    >>> circle.radius + circle.radius
    measured
    4
    """

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self.compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        """Learn the name to keep the value under."""
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> once[Value]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        """Compute the value, and keep it where it is found before this is asked again."""
        if instance is None:
            return self
        value = vars(instance)[self.name] = self.compute(instance)
        return value
