"""Students: every way in which a gradient is written by hand, made into calls at a point.

A form is a guess of how code wants its arrays and what it gives back; the forms are tried until one runs and makes
sense. Functions are known by the names of their parameters, objects by their methods and by where they keep arrays.
"""

from __future__ import annotations

import inspect
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.calls import Answers, FunctionCall, StudentError, bound, run
from chainrule.check.given import OF_PARAMETERS
from chainrule.check.layer_lists import LayerList, is_layer_list
from chainrule.check.layouts import Layout, layouts
from chainrule.check.made_objects import made_of
from chainrule.check.method_roles import MethodRoles
from chainrule.check.methods import (
    KINDS_OF_METHODS,
    is_backward,
    method_of,
    names_of_parameters,
    ways_of_method,
    ways_to_call,
)
from chainrule.check.module_values import functions_beside, held_by
from chainrule.check.names import role_of
from chainrule.check.object_attributes import attributes_of, is_strength
from chainrule.check.object_calls import NOTHING_MOVED, ClassCall, GlobalsCall, ObjectCall
from chainrule.check.parameter_roles import asked, bind, is_gradient
from chainrule.check.raws import steps_of
from chainrule.check.returned_values import Raw, as_items
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from chainrule.check.edits.program import Point, Vector
    from chainrule.network.network import Network

__all__ = ["Call", "Form", "NoSuchReading", "StudentError", "forms_of", "has_penalty", "run"]

Call: TypeAlias = "Callable[[Point], Raw]"
Maker: TypeAlias = "Callable[[Network, Layout], Answers]"

RESETS = re.compile(r"(?i)_*(zero|reset|clear)_?\w*")
OTHER_SHAPES = "It gives arrays of other shapes for each sample."
MOST_READINGS = 3  # of what one call returned


class NoSuchReading(Exception):
    """What came back cannot be read in as many ways."""


@dataclass(frozen=True, eq=False)
class Form:
    """A guess of how code is called: the layout of its arrays, and which reading of what it returns is meant."""

    maker: Maker
    layout: Layout
    reading: int = 0
    is_afresh: bool = False  # whether every call works on an object of its own
    says_all: bool = False  # whether its names say that all samples come at once
    knows_rate: bool = True  # whether the rate that is set or given is that of its steps
    resets: bool = False  # whether its object has a method that sets gradients back, as one does after each step

    def __call__(self, net: Network) -> Call:
        """Return the code as a call at points of a network."""
        answers = self.maker(net, self.layout)

        def one(point: Point) -> Raw:
            found = _at_once_or_one_by_one(answers, self.layout, point)
            if self.reading >= len(found):
                raise NoSuchReading
            raw = found[self.reading]
            return raw if self.knows_rate else replace(raw, rate=None)

        return one

    def step_at_half_rate(self, net: Network, point: Point) -> list[Vector]:
        """What the parameters move by where the rate is half of what it was."""
        answers: Any = self.maker(net, self.layout)
        answers.rate /= 2.0
        return steps_of(_at_once_or_one_by_one(answers, self.layout, point)[self.reading])

    def is_in_one_step(self, net: Network, point: Point) -> bool:
        """Whether training of code that makes its own parameters is in proportion to the rate."""
        return self.maker(net, self.layout).is_in_one_step(point)  # type: ignore[attr-defined,no-any-return]

    def repeated(self, net: Network, point: Point) -> list[Raw] | None:
        """Call an object three times at one place without making it anew; None of code that has no state to keep."""
        answers = self.maker(net, self.layout)
        if self.layout.samples != "all" or not isinstance(answers, ObjectCall | ClassCall):
            return None
        return [raws[min(self.reading, len(raws) - 1)] for raws in answers.one_after_the_other((point,) * 3)]

    def after_another(self, net: Network, first: Point, second: Point) -> Raw | None:
        """Call an object at one place and then at another without making it anew; None of other code."""
        answers = self.maker(net, self.layout)
        if self.layout.samples != "all" or not isinstance(answers, ObjectCall | ClassCall):
            return None
        raws = answers.one_after_the_other((first, second))[1]
        return raws[min(self.reading, len(raws) - 1)]


def forms_of(student: Any, net: Network, *, rate: float = 0.1) -> Iterator[Form]:
    """Every form in which code may be called, the usual ones first.

    Accepted are functions of theta, of a dict, of lists, or of blocks one by one, and functions that read arrays of
    their module; bound methods; classes and objects that keep their arrays in attributes, lists, dicts or layers, and
    whose methods return gradients, store them, or update the arrays with a learning rate.

    Raises
    ------
    InvalidValue
        Where the code is none of these; the sentence says what was looked for, and how to wrap it.
    """
    makers, is_afresh = _makers_of(student, net, rate)
    resets = any(RESETS.match(name) for name in dir(getattr(student, "__self__", student)))
    for maker, called in makers:
        names = names_of_parameters(called, asked)
        says_all = any(name.startswith("X") for name in names)
        for layout in layouts(names, _roles_of(called, net)):
            if layout.ones and (len(net.layers) > 1 or not net.layers[0].bias):
                continue
            for reading in range(MOST_READINGS):
                yield Form(maker, layout, reading, is_afresh, says_all, resets=resets)


def _roles_of(functions: Sequence[Any], net: Network) -> set[str]:
    """The roles of the parameters of functions, by their names and by what stands beside them."""
    found = {role for name in names_of_parameters(functions, asked) if (role := role_of(name))}
    for function in functions:
        with suppress(TypeError, ValueError):  # what Python cannot tell the parameters of
            found |= {one.role for one in bind(function, net)}
    return found


def taken_for_targets(student: Any, net: Network) -> list[str]:
    """The only parameter of a backward pass, where its name tells nothing: it may be the error as well."""
    makers, _ = _makers_of(student, net, 0.1)
    called = {getattr(one, "__name__", ""): one for _, some in makers for one in some}
    names = {name for one, function in called.items() if is_backward(one) for name in _unknown_names(function)}
    return sorted(names) if len(names) == 1 else []


def _unknown_names(function: Any) -> list[str]:
    return [name for name in names_of_parameters([function], asked) if role_of(name) is None]


def has_penalty(student: Any) -> bool:
    """Whether code asks for λ: as a parameter, or as an attribute of its object."""
    if inspect.ismethod(student):
        return has_penalty(student.__func__) or _keeps_penalty(student.__self__)
    if inspect.isroutine(student) or inspect.isclass(student) or hasattr(student, "__code__"):
        names = names_of_parameters([student], asked)
        alpha_is_strength = not inspect.isclass(student) and is_gradient(student.__name__)
        return any(role_of(name) == "l2" or (name == "alpha" and alpha_is_strength) for name in names)
    return _keeps_penalty(student)


def _keeps_penalty(thing: Any) -> bool:
    return any(is_strength(name) and isinstance(value, int | float) for name, value in attributes_of(thing).items())


def _methods(student: Any) -> list[Any]:
    names = [method_of(student, kind) for kind in KINDS_OF_METHODS]
    return [getattr(student, name) for name in names if name and name != "__call__"]


def _at_once_or_one_by_one(call: Answers, layout: Layout, point: Point) -> list[Raw]:
    """Call with all samples, or with one after the other, whose answers are averaged."""
    if layout.samples == "all":
        return call(point)
    samples = [replace(point, X=point.X[k : k + 1], T=point.T[k : k + 1]) for k in range(point.N)]
    if isinstance(call, ObjectCall | ClassCall):
        singles = call.one_by_one(samples)
    else:
        singles = [call(sample) for sample in samples]
    readings_of = list(zip(*singles, strict=False))
    if any(all(_has_not_moved(raw) for raw in raws) for raws in readings_of):
        raise InvalidValue(NOTHING_MOVED.format("Your code"))
    return [_averaged(raws) for raws in readings_of]


def _has_not_moved(raw: Raw) -> bool:
    """Whether an update left everything as it was."""
    if not raw.updated:
        return False
    before, after = (as_items(one) for one in raw.gradients)
    return all(np.array_equal(b, a) for (_, b), (_, a) in zip(before, after, strict=False))


def _averaged(raws: Sequence[Raw]) -> Raw:
    """The mean of single samples' losses and gradients."""
    moved = [raw for raw in raws if raw.updated]
    if moved and len(moved) < len(raws):  # a sample that moves nothing, because no unit is active, takes a step of 0
        still = replace(moved[0], gradients=(moved[0].gradients[0],) * 2)
        raws = [raw if raw.updated else still for raw in raws]
    losses = [raw.loss for raw in raws]
    loss = None if any(one is None for one in losses) else float(np.mean([one for one in losses if one is not None]))
    if raws[0].updated:
        befores, afters = zip(*([as_items(one) for one in raw.gradients] for raw in raws), strict=True)
        means = [_mean([after[k][1] for after in afters]) for k in range(len(befores[0]))]
        names = [name for name, _ in befores[0]]
        pair = (_as_before(names, [array for _, array in befores[0]]), _as_before(names, means))
        return replace(raws[0], loss=None, Y=None, gradients=pair)
    items = [as_items(raw.gradients) for raw in raws]
    if any(len(one) != len(items[0]) for one in items):
        raise StudentError(OTHER_SHAPES)
    mean_items = [_mean([one[k][1] for one in items]) for k in range(len(items[0]))]
    return replace(raws[0], loss=loss, Y=None, gradients=_as_before([name for name, _ in items[0]], mean_items))


def _mean(arrays: Sequence[Vector]) -> Vector:
    if len({array.shape for array in arrays}) > 1:
        raise StudentError(OTHER_SHAPES)
    return np.asarray(np.mean(arrays, axis=0))


def _as_before(names: Sequence[str | None], arrays: Sequence[Any]) -> Any:
    """Arrays with their names, where they have any."""
    return dict(zip(names, arrays, strict=True)) if all(names) else list(arrays)


Makers: TypeAlias = "list[tuple[Maker, list[Any]]]"  # with the functions that are called


def _makers_of(student: Any, net: Network, rate: float) -> tuple[Makers, bool]:
    """Tell what a student's code is, and return what makes calls of it, and whether every call is of an object anew."""
    if inspect.isclass(student):
        made = made_of(student, net, rate)
        return [(_class_maker(student, rate, way), _named(made, way)) for way in ways_to_call(made)], True
    if inspect.ismethod(student) and not inspect.isclass(student.__self__):
        thing = student.__self__
        ways = ways_of_method(thing, student.__name__)
        return [(_object_maker(thing, rate, way), _named(thing, way)) for way in ways], True
    if is_layer_list(student):
        return _makers_of(LayerList(student), net, rate)
    if inspect.isroutine(student) or hasattr(student, "__code__") or (callable(student) and not _methods(student)):
        return _makers_of_function(student, net, rate)
    if hasattr(student, "__dict__") and not inspect.ismodule(student):
        return [(_object_maker(student, rate, way), _named(student, way)) for way in ways_to_call(student)], True
    raise InvalidValue(
        f"student must be a function, a class, an object with methods or the path of a script, got {_kind(student)}."
    )


def _named(thing: Any, names: Sequence[str]) -> list[Any]:
    return [getattr(thing, name) for name in names]


def _makers_of_function(function: Any, net: Network, rate: float) -> tuple[Makers, bool]:
    """Tell whether a function takes its parameters, or reads them of its module."""
    held = held_by(function, net, rate)
    if held:
        return _makers_of_module(function, net, rate, held), True
    parameters, own = bound(function, net)
    taken = [*parameters, *(own.parameters if own else [])]
    if any(one.role in (*OF_PARAMETERS, "cache", "caches") for one in taken):
        called = [function, *([own.function] if own else [])]
        return [(lambda meant, layout: FunctionCall(function, meant, layout, rate), called)], False
    return _makers_of_module(function, net, rate, held), True


def _makers_of_module(function: Any, net: Network, rate: float, held: Mapping[str, Any]) -> Makers:
    """Calls of a function that reads its module; of a backward one after the forward pass there, if there is any."""
    functions = functions_beside(function, net, held)
    ways = ways_of_method(SimpleNamespace(**functions), next(reversed(functions)))
    return [(_module_maker(functions, rate, way, held), [functions[name] for name in way]) for way in ways]


def _module_maker(functions: Mapping[str, Any], rate: float, way: Sequence[str], held: Mapping[str, Any]) -> Maker:
    roles = cache(MethodRoles)
    return lambda meant, layout: GlobalsCall(functions, meant, layout, rate, way, roles(meant), held)


def _class_maker(student: type, rate: float, way: Sequence[str]) -> Maker:
    roles = cache(MethodRoles)
    return lambda meant, layout: ClassCall(student, meant, layout, rate, way, roles(meant))


def _object_maker(student: Any, rate: float, way: Sequence[str]) -> Maker:
    roles = cache(MethodRoles)
    return lambda meant, layout: ObjectCall(student, meant, layout, rate, way, roles(meant))


def _kind(thing: Any) -> str:
    return "None" if thing is None else f"a value of type {type(thing).__name__}"
