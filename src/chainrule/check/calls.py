"""Calls: hand-written functions called at a point, whatever they want and give back."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.given import OF_PARAMETERS, CallInputs
from chainrule.check.interpretations import interpretations
from chainrule.check.module_values import counting
from chainrule.check.names import role_of
from chainrule.check.own_forward import asked_of, is_scores, of_forward, own_forward
from chainrule.check.parameter_roles import bind, given_to, is_stacked, unknown
from chainrule.check.returned_values import Raw, as_items, as_outputs
from chainrule.check.wrappers import called_with, refusal, wrapper_of
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chainrule.check.edits.program import Point
    from chainrule.check.layouts import Layout
    from chainrule.check.own_forward import OwnForward
    from chainrule.check.parameter_roles import Parameter
    from chainrule.network.network import Network

Answers: TypeAlias = "Callable[[Point], list[Raw]]"


class StudentError(Exception):
    """No error of ours: what a student's code raised is its cause.

    ``called`` tells the call in one line, ``wrapper`` is the function that its author may change, "" for none.
    """

    def __init__(self, message: str, called: str = "", wrapper: str = "") -> None:
        super().__init__(message)
        self.called, self.wrapper = called, wrapper


def run(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Call a student's function; whatever it raises is told from what we raise."""
    try:
        return function(*arguments, **named)
    except (Exception, SystemExit) as error:  # sys.exit() is not to end the check
        raise StudentError(str(error), called_with(function, arguments, named)) from error


class FunctionCall:
    """Calls a function with what its parameters ask for, and values of the forward pass that stands beside it."""

    def __init__(self, function: Any, net: Network, layout: Layout, rate: float) -> None:
        self.function, self.net, self.layout, self.rate = function, net, layout, rate
        self.parameters, self.own = bound(function, net)

    def __call__(self, point: Point) -> list[Raw]:
        """Call it at a point; what comes back is read in every way that makes sense."""
        with counting(self.function, self.net, point.N):
            try:
                return self._called(point)
            except StudentError as error:
                error.wrapper = wrapper_of(self.function, self.parameters, self.net)
                raise

    def _called(self, point: Point) -> list[Raw]:
        given = CallInputs(self.net, point, self.layout, self.rate)
        if self.own is not None:
            given = replace(given, forward=of_forward(self.own, given, run))
        by_place, by_name = given_to(self.parameters, given)
        before = copy.deepcopy((by_place, by_name))
        result = run(self.function, *by_place, **by_name)
        changed = not _alike((by_place, by_name), before)
        if result is None and changed:
            return [self._stepped(by_place, before[0])]
        if (moved := self._returned_anew(result, given, before)) is not None:
            return [moved]
        found = interpretations(result, self.net, point.N)
        turned = self._is_turned(result, before[0])
        return [replace(without_scores(raw, given), changed=changed, is_turned=turned) for raw in found]

    def _is_turned(self, result: Any, before: Sequence[Any]) -> bool:
        """Whether a step along the gradient, a column, would make a square of a single layer's weights, a row."""
        places = [one for one in self.parameters if not one.by_name]
        given = [np.shape(value) for one, value in zip(places, before, strict=True) if one.role == "block"]
        rows = [shape for shape in given if len(self.net.layers) == len(shape) - 1 == shape[0] == 1 < shape[1]]
        came = [array.shape for _, array in as_items(result)]
        return any(shape not in came and shape[::-1] in came for shape in rows)

    def _returned_anew(self, result: Any, given: CallInputs, before: Any) -> Raw | None:
        """The step of a function that returns other parameters: with a rate of 0 they are those that it was given."""
        if not any(one.role == "rate" for one in self.parameters):
            return None
        by_place, by_name = before
        arguments = iter(by_place)
        values = [by_name[one.name] if one.by_name else next(arguments) for one in self.parameters]
        pairs_given = zip(self.parameters, values, strict=True)
        kept = as_items([value for one, value in pairs_given if one.role in OF_PARAMETERS])
        by_place, by_name = given_to(self.parameters, replace(given, rate=0.0, point=replace(given.point, l2=0.0)))
        still, after = as_items(run(self.function, *by_place, **by_name)), as_items(result)
        places = [_place_of(array, [other for _, other in still]) for _, array in kept]
        if not kept or len(after) != len(still) or None in places:
            return None
        moved = [after[place][1] for place in places if place is not None]
        if any(one.size != array.size for one, (_, array) in zip(moved, kept, strict=True)):
            return None
        arrays = (
            [array for _, array in kept],
            [one.reshape(array.shape) for one, (_, array) in zip(moved, kept, strict=True)],
        )
        return Raw(None, None, arrays, updated=True, rate=self.rate)

    def _stepped(self, after: list[Any], before: list[Any]) -> Raw:
        """The step that a function took which changes the parameters it is given, and returns nothing."""
        takes = [one for one in self.parameters if not one.by_name]
        own = [k for k, one in enumerate(takes) if one.role in OF_PARAMETERS]
        rate = self.rate if any(one.role == "rate" for one in self.parameters) else 1.0
        pairs = ([flat_matrices(one[k]) for k in own] for one in (before, after))
        return Raw(None, None, tuple(pairs), updated=True, rate=rate)


def _place_of(array: Any, arrays: Sequence[Any]) -> int | None:
    """Where among arrays the same numbers stand in the same shape, but for sides of length 1: b + a row is a row."""
    return next((k for k, one in enumerate(arrays) if np.array_equal(np.squeeze(array), np.squeeze(one))), None)


def flat_matrices(value: Any) -> Any:
    """A list of rows of numbers as a matrix, wherever it stands."""
    if isinstance(value, list) and value and all(isinstance(row, list) for row in value):
        if all(isinstance(number, int | float | np.number) for row in value for number in row):
            return np.array(value, dtype=np.float64)
        return [flat_matrices(one) for one in value]
    return value


def bound(function: Any, net: Network) -> tuple[list[Parameter], OwnForward | None]:
    """What a function's parameters are given, and the forward pass that gives some of it, or a refusal with a wrapper.

    Raises
    ------
    InvalidValue
        Where something is given that nothing is known of.
    """
    names = [one.name for one in asked_of(function)]
    try:
        parameters = bind(function, net, stacked=is_stacked(names, net))
    except ValueError:
        raise InvalidValue(
            "I cannot see which arguments your function takes. Wrap it: lambda theta, X, T: ..."
        ) from None
    own = own_forward(function, net, parameters)
    if own is not None:
        returned: Mapping[str, str] = {name: "forward" for name in own.returned if name not in ("", "outputs")}
        fixed = {one.name for one in parameters if one.role in OF_PARAMETERS}
        fixed |= {one.name for one in parameters if one.role in ("X", "T") and role_of(one.name)}  # not guessed
        returned = {name: role for name, role in returned.items() if name not in fixed}
        parameters = bind(function, net, own=returned, stacked=own.stacked)
    if missing := unknown(parameters):
        raise refusal(function, missing, wrapper_of(function, parameters, net))
    return parameters, own


def without_scores(raw: Raw, given: CallInputs) -> Raw:
    """What came back, without outputs that are the scores before a softmax: nobody means them to be probabilities."""
    Y = None if raw.Y is None else as_outputs(given.net, raw.Y, given.point.N)
    return replace(raw, Y=None) if Y is not None and is_scores(Y, given) else raw


def _alike(one: Any, other: Any) -> bool:
    """Whether what was handed over is what it was: a list may be used up, as caches.pop() does."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        kept = other[: len(one)] if isinstance(one, list) else other
        return len(one) == len(kept) and all(_alike(a, b) for a, b in zip(one, kept, strict=True))
    return one is other or bool(np.array_equal(one, other))
