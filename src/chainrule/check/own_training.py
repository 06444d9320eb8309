"""Own training: a function that cannot be called alone is checked in the loop, in its module, that trains by it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import permutations
from types import FunctionType
from typing import TYPE_CHECKING, Any

from chainrule.check.given import OF_PARAMETERS, CallInputs
from chainrule.check.layouts import COLUMNS, Layout
from chainrule.check.names import assuming
from chainrule.check.parameter_roles import bind, given_to, unknown
from chainrule.check.script_lines import TrainingLoop, lines_of, parts_of
from chainrule.check.training_source import TrainingSource, object_of, with_samples
from chainrule.check.trial_points import random_point
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.check.training_source import TrainingScript
    from chainrule.network.network import Network

TAKEN_FOR = ("X", "T", "rate", "once", "hidden width", "widths")  # what a parameter of training may be
MOST_MISSING = 2  # parameters of which nothing is known
FIRST_LAYOUTS = (Layout(), Layout(targets="labels"), COLUMNS, Layout(targets="flat"))  # in which training may begin


def trainings_of(student: Any, net: Network, rate: float) -> Iterator[tuple[str, TrainingScript]]:
    """Functions of a function's module that train in a loop which calls it, the nearest first, and their names."""
    function = getattr(student, "__func__", student)
    if not isinstance(function, FunctionType):
        return
    space = function.__globals__
    beside = [one for one in space.values() if isinstance(one, FunctionType) and one.__globals__ is space]
    for caller in sorted(beside, key=lambda one: one is not function):
        if caller is function or _calls(caller, function, space):
            for part in _parts_of_function(caller):
                if (found := _trained_by(caller, part, net, rate)) is not None:
                    yield caller.__name__, found


def trains_on(student: Any, net: Network) -> bool:
    """Whether a function trains until it is content: it takes samples, no parameters, and no number of rounds."""
    if not isinstance(student, FunctionType):
        return False
    roles = {one.role for one in bind(student, net)}
    waits = any(isinstance(part.loop, ast.While) for part in _parts_of_function(student))
    return waits and {"X", "T"} <= roles and roles.isdisjoint((*OF_PARAMETERS, "once"))


def _calls(caller: FunctionType, function: FunctionType, space: dict[str, Any]) -> bool:
    """Whether one function calls another, or one that does."""
    pending, seen = [caller], {caller}
    while pending:
        called = [space.get(name) for name in pending.pop().__code__.co_names]
        if any(one is function for one in called):
            return True
        fresh = [one for one in called if isinstance(one, FunctionType) and one not in seen]
        pending += fresh
        seen.update(fresh)
    return False


def _parts_of_function(function: FunctionType) -> list[TrainingLoop]:
    """The loops of a function, in lines that could stand at a top level: where it returns in a loop, that ends."""
    if function.__closure__:  # its lines need what stands around them; a stand-in's are not what it runs
        return []
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):  # defined where there is no file
        return []
    ast.increment_lineno(tree, function.__code__.co_firstlineno - 1)
    body = tree.body[0].body if isinstance(tree.body[0], ast.FunctionDef) else []
    return [part for part in parts_of(lines_of(body), {}) if isinstance(part, TrainingLoop)]


def _trained_by(function: FunctionType, part: TrainingLoop, net: Network, rate: float) -> TrainingScript | None:
    """An object that trains as a loop of a function does; None where it cannot be called, or trains nothing."""
    known = bind(function, net)
    missing, open_roles = unknown(known), [role for role in TAKEN_FOR if role not in {one.role for one in known}]
    if len(missing) > MOST_MISSING:
        return None
    for roles in permutations(open_roles, len(missing)):
        with assuming(dict(zip(missing, roles, strict=True))):
            parameters = bind(function, net)
        names = {one.role: one.name for one in parameters}
        own = names.keys() & {"X", "T"}
        if unknown(parameters) or len(own) == 1:
            continue
        for layout in FIRST_LAYOUTS if own else FIRST_LAYOUTS[:1]:
            given = CallInputs(net, random_point(net, 0.0, seed=0, n_samples=5), layout, rate)
            source = TrainingSource(function.__code__.co_filename, part, function.__globals__)
            source.inputs, source.targets = names.get("X", ""), names.get("T", "")
            if source.is_started(function, given_to(parameters, given), net) and (own or _has_samples(source, net)):
                return object_of(source)
    return None


def _has_samples(source: TrainingSource, net: Network) -> bool:
    """Whether a function that is given no samples makes some, or reads some of its module."""
    try:
        with_samples(source, net)
    except InvalidValue:
        return False
    return True
