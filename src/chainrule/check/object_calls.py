"""Objects called at a point: their arrays are set, their methods run, and the gradient taken from wherever it is."""

from __future__ import annotations

import inspect
from dataclasses import replace
from itertools import islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.calls import StudentError, run, without_scores
from chainrule.check.forward_results import after_forward, parts_of, size_of
from chainrule.check.given import CallInputs
from chainrule.check.interpretations import interpretations, is_complete
from chainrule.check.made_objects import made_of
from chainrule.check.methods import is_backward
from chainrule.check.module_values import globals_read, is_held, restored
from chainrule.check.names import role_of
from chainrule.check.object_attributes import attributes_of, no_arrays, set_rate_and_data, set_rates_within
from chainrule.check.optimizer_memory import NORMALISED, gradient_kept, is_normalised
from chainrule.check.parameter_roles import given_to, unknown
from chainrule.check.prepared_objects import PreparedObject, held_by_slots
from chainrule.check.repeated_calls import seeded
from chainrule.check.returned_values import Raw, as_items, readings
from chainrule.check.slots import arrays_of_class, objects_in, place_of, slots_of
from chainrule.check.student_copies import Copies
from chainrule.check.student_objects import gradients_in, parameters_of, put_all, same_places
from chainrule.check.wrappers import refusal, wrapper_of, wrapper_of_object
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.check.edits.program import Point, Vector
    from chainrule.check.layouts import Layout
    from chainrule.check.method_roles import MethodRoles
    from chainrule.check.parameter_roles import Parameter
    from chainrule.check.slots import Slot
    from chainrule.network.network import Network


NOTHING_MOVED = (
    "{} returned no gradient, kept none in its arrays, and changed none of its parameters: return the gradients, keep "
    "them (self.dW1, …), or update the arrays."
)
MOST_STARTS = 3  # ways to read what code made as parameters


class ObjectCall:
    """Sets an object's arrays, calls its methods, and takes the gradient from what they return, store or update.

    Every call works on a copy, so that momentum and the like begin anew.
    """

    def __init__(
        self, student: Any, net: Network, layout: Layout, rate: float, methods: Sequence[str], roles: MethodRoles
    ) -> None:
        self.student, self.net, self.layout, self.rate, self.methods = student, net, layout, rate, methods
        self.roles = roles

    def __call__(self, point: Point) -> list[Raw]:
        """Call a copy at a point."""
        return self._called(self._prepared(*self._copy(), point), point)

    def one_by_one(self, points: Sequence[Point]) -> list[list[Raw]]:
        """Call a copy at each of several points that differ in nothing but their samples."""
        ready = self._prepared(*self._copy(), points[0])
        if not ready.is_usual:
            return [self._called(ready, points[0]), *(self(point) for point in points[1:])]
        return [self._called(ready.copied(), point) for point in points]

    def one_after_the_other(self, points: Sequence[Point]) -> list[list[Raw]]:
        """Call one copy at several points."""
        now, _ = self._copy()
        held = held_by_slots(slots_of(now))
        readies = (replace(self._prepared(now, False, point), held=held) for point in points)
        return [self._called(ready, point) for ready, point in zip(readies, points, strict=True)]

    def _copy(self) -> tuple[Any, bool]:
        """A copy of the object, and whether it was copied by its attributes alone."""
        copies = Copies()
        try:
            now = copies.of(self.student)
        except Exception:  # locks, open files: then it is the object itself that is called
            return self.student, False
        for name, array in arrays_of_class(now).items():  # the class's own are shared: they are not to be changed
            setattr(now, name, array.copy())
        return now, not copies.unusual

    def _prepared(self, now: Any, is_usual: bool, point: Point) -> PreparedObject:
        """An object that holds the parameters of a point, as far as it is known where."""
        given = CallInputs(self.net, point, self.layout, self.rate)
        slots = slots_of(now)
        held, found = held_by_slots(slots), parameters_of(self.net, slots)
        if found is not None:
            put_all(found, self._as_kept(given), self.net, slots)
            set_rates_within(now, given)
        return PreparedObject(now, slots, found, held, is_usual)

    def _called(self, ready: PreparedObject, point: Point) -> list[Raw]:
        given = CallInputs(self.net, point, self.layout, self.rate)
        now, found = ready.thing, ready.parameters
        if found is None:
            return self._from_own_start(given, ready.slots)
        set_rate_and_data(now, given, [slot.path.lstrip(".") for slot in found.values()])
        before = self._arrays_in(found)
        result, Y, given = self._run_with_data(now, given, found)
        slots = slots_of(now)
        after = self._arrays_in(same_places(found, slots))
        paths = {slot.path for slot in found.values()}
        others = [slot for slot in slots if slot.path not in paths]
        return self._found(result, Y, before, after, now, ready.held, others, given)

    def _as_kept(self, given: CallInputs) -> CallInputs:
        """What is given, with −b for b where the object subtracts it."""
        if not self.layout.thresholds:
            return given
        theta = given.point.theta.copy()
        for _, b in self.net.views(theta):
            if b is not None:
                np.negative(b, out=b)
        return replace(given, point=replace(given.point, theta=theta))

    def _arrays_in(self, slots: Mapping[str, Slot]) -> dict[str, Any]:
        """Copies of the parameters that slots hold."""
        signs = {block: -1 if self.layout.thresholds and block[0] == "b" else 1 for block in slots}
        return {f"d{block}": signs[block] * slot.array for block, slot in slots.items()}

    def _run_with_data(self, now: Any, given: CallInputs, found: Mapping[str, Slot]) -> tuple[Any, Any, CallInputs]:
        """Run the methods; inputs and targets that the object is asked for and does not hold are set first."""
        for _ in ("X", "T"):
            try:
                return self._run(now, given, found)
            except StudentError as error:
                cause = error.__cause__
                role = role_of(cause.name or "") if isinstance(cause, AttributeError) and cause.obj is now else None
                if role not in ("X", "T"):
                    raise
                setattr(now, cause.name, given.X if role == "X" else given.T)  # type: ignore[union-attr]
        return self._run(now, given, found)

    def _from_own_start(self, given: CallInputs, slots: Sequence[Slot]) -> list[Raw]:
        """The second step of code that makes its own parameters: from where one step leads to where two lead."""
        if self.layout.samples == "all":
            first, second = (self._trained(replace(given, times=times)) for times in (1, 2))
        else:  # from where training begins: it is the same for every sample
            first, second = (self._trained(replace(given, rate=rate)) for rate in (0.0, self.rate))
        pairs = [(one, two) for one, two in zip(first, second, strict=False) if one[1].shape == two[1].shape]
        moved = any(not np.array_equal(one, two) for (_, one), (_, two) in pairs)
        before, after = (readings(self.net, _as_came([pair[side] for pair in pairs])) for side in (0, 1))
        steps = list(islice(zip(before, after, strict=False), MOST_STARTS)) if moved else []
        if not steps:
            wrapper = self._wrapper(self._copy()[0], given, {})
            raise InvalidValue(no_arrays(type(self.student).__name__, slots, self.net), wrapper)
        rate = self._step_of(self._copy()[0])
        return [Raw(None, None, step, updated=True, rate=rate, starts_itself=True, exact=True) for step in steps]

    def _trained(self, given: CallInputs) -> list[tuple[str | None, Vector]]:
        """What training of so many steps leads to: arrays that are returned, or that the object holds then."""
        now, _ = self._copy()
        set_rate_and_data(now, given, ())
        set_rates_within(now, given)
        with seeded():
            result, _, _ = self._run(now, given, {})
        for thing in (now, SimpleNamespace(result=result)):
            if (found := parameters_of(self.net, slots_of(thing))) is not None:
                return [(f"d{block}", slot.array.copy()) for block, slot in found.items()]
        return as_items(result)

    def _run(self, now: Any, given: CallInputs, found: Mapping[str, Slot]) -> tuple[Any, Any, CallInputs]:
        """Run the methods, then an update where the backward pass neither returned nor kept nor moved anything."""
        Y = result = None
        before = {block: slot.array.copy() for block, slot in found.items()}
        for k, name in enumerate(self.methods):
            result = self._call(now, name, given, found)
            if k == 0 and len(self.methods) > 1:
                Y, given = after_forward(result, given, self.roles.returned_names(getattr(now, name)))
        update = self.roles.update_of(now)
        going_back = is_backward(self.methods[-1]) and not _have_moved(before, found)
        if going_back and update and not self._is_gradient(result, given):
            try:
                result = self._call(now, update, given, found)
            except (InvalidValue, StudentError):
                if _have_moved(before, found):  # half a step is none
                    raise
        return result, Y, given

    def _call(self, now: Any, name: str, given: CallInputs, found: Mapping[str, Slot]) -> Any:
        method = getattr(now, name)
        by_place, by_name = given_to(self._bound(now, method, given, found), given)
        try:
            return run(method, *by_place, **by_name)
        except StudentError as error:
            error.wrapper = self._wrapper(now, given, found)
            raise

    def _parameters(self, method: Any, given: CallInputs) -> list[Parameter]:
        return self.roles.bound(method, given.forward.keys() - {"outputs", "cache"})

    def _wrapper(self, now: Any, given: CallInputs, found: Mapping[str, Slot]) -> str:
        """The function that calls the methods as we do, for its author to change."""
        calls = [(getattr(now, name), self._parameters(getattr(now, name), given)) for name in self.methods]
        if all(inspect.ismethod(method) for method, _ in calls):
            return wrapper_of_object(now, calls, self.net, found)
        return wrapper_of(*calls[-1], self.net)

    def _bound(self, now: Any, method: Any, given: CallInputs, found: Mapping[str, Slot]) -> list[Parameter]:
        parameters = self._parameters(method, given)
        missing = unknown(parameters)
        if len(missing) == 1 and "cache" in given.forward:
            parameters = self.roles.bound(method, missing)
            given.forward[missing[0]] = given.forward["cache"]  # type: ignore[index]
            missing = []
        if missing:
            raise refusal(method, missing, self._wrapper(now, given, found))
        return parameters

    def _is_gradient(self, result: Any, given: CallInputs) -> bool:
        raws = [] if result is None else interpretations(result, self.net, given.point.N)
        return any(is_complete(self.net, raw.gradients) or _named_blocks(self.net, raw) for raw in raws)

    def _found(
        self,
        result: Any,
        Y: Any,
        before: dict[str, Any],
        after: dict[str, Any],
        now: Any,
        held: Mapping[int, Any],
        others: Sequence[Slot],
        given: CallInputs,
    ) -> list[Raw]:
        """The gradient that was returned, else the step that was taken, else what was stored."""
        returned = [] if result is None else interpretations(result, self.net, given.point.N)
        complete = [raw for raw in returned if is_complete(self.net, raw.gradients) or _named_blocks(self.net, raw)]
        if complete:
            return [without_scores(raw if raw.Y is not None else replace(raw, Y=Y), given) for raw in complete]
        if any(not np.array_equal(before[name], after[name]) for name in before):
            return [self._stepped(Y, before, after, others, now)]
        arrays = {place_of(slot): slot.array for slot in others}
        fresh = {place: array for place, array in held.items() if _is_same(array, arrays.get(place))}
        if (stored := gradients_in(self.net, others, fresh)) is not None:
            loss = result if size_of(result) == 1 else None
            return [Raw(None if loss is None else float(np.squeeze(loss)), Y, stored)]
        if returned and any(size_of(one) != 1 for one in parts_of(result)):
            return returned
        if self.layout.samples != "all":  # the gradient of one sample may be 0, where no unit is active
            return [self._stepped(Y, before, after, others, now)]
        raise InvalidValue(NOTHING_MOVED.format(type(self.student).__name__))

    def _stepped(self, Y: Any, before: dict[str, Any], after: dict[str, Any], others: Sequence[Slot], now: Any) -> Raw:
        """The step that was taken, or the gradient that an optimizer kept which steps as far whatever that is."""
        same_shapes = all(before[name].shape == after[name].shape for name in before)
        steps = {name: after[name] - before[name] for name in before} if same_shapes else {}
        if not is_normalised(steps):
            return Raw(None, Y, (before, after), updated=True, rate=self._step_of(now))
        if (kept := gradient_kept(self.net, others, steps)) is None:
            raise InvalidValue(NORMALISED)
        return Raw(None, Y, (before, {name: before[name] - kept[name] for name in before}), updated=True)

    def _step_of(self, now: Any) -> float | None:
        """The rate of a step: what we set or gave; None where the code has one of its own, or none."""
        return self.rate if self._takes_rate(now) else None

    def is_in_one_step(self, point: Point) -> bool:
        """Whether training of code that makes its own parameters begins with a step in proportion to the rate."""
        given = CallInputs(self.net, point, self.layout, self.rate)
        start, half, whole = (self._trained(replace(given, rate=share * self.rate)) for share in (0.0, 0.5, 1.0))
        triples = [three for three in zip(start, half, whole, strict=True) if three[0][1].shape == three[2][1].shape]
        return all(np.allclose(2.0 * (h - s), w - s, rtol=1e-6, atol=1e-12) for (_, s), (_, h), (_, w) in triples)

    def _takes_rate(self, now: Any) -> bool:
        if any(self._asks_for_rate(now, name) for name in self.methods):
            return True
        if any(role_of(name) == "rate" for thing in objects_in(now) for name in attributes_of(thing)):
            return True
        update = self.roles.update_of(now)
        return update is not None and self._asks_for_rate(now, update)

    def _asks_for_rate(self, now: Any, name: str) -> bool:
        return any(role_of(one) == "rate" for one in self.roles.asked_names(getattr(now, name)))


def _have_moved(before: Mapping[str, Vector], found: Mapping[str, Slot]) -> bool:
    return any(not np.array_equal(before[block], slot.array) for block, slot in found.items())


def _as_came(items: Sequence[tuple[str | None, Vector]]) -> Any:
    """Arrays with their names, where all have one."""
    return dict(items) if all(name for name, _ in items) else [array for _, array in items]


class ClassCall:
    """Makes an object of a class at each point, of its widths, its rate and its data, and calls that."""

    def __init__(
        self, student: type, net: Network, layout: Layout, rate: float, methods: Sequence[str], roles: MethodRoles
    ) -> None:
        self.student, self.net, self.layout, self.rate, self.methods = student, net, layout, rate, methods
        self.roles = roles

    def __call__(self, point: Point) -> list[Raw]:
        """Make an object and call it at a point."""
        return self._of(point)(point)

    def one_by_one(self, points: Sequence[Point]) -> list[list[Raw]]:
        """Make an object at each of several points and call it there."""
        return [self(point) for point in points]

    def one_after_the_other(self, points: Sequence[Point]) -> list[list[Raw]]:
        """Call one object at several points."""
        return self._of(points[0]).one_after_the_other(points)

    def is_in_one_step(self, point: Point) -> bool:
        """Whether training of an object begins with a step in proportion to the rate."""
        return self._of(point).is_in_one_step(point)

    def _of(self, point: Point) -> ObjectCall:
        made = made_of(self.student, self.net, self.rate, point)
        return ObjectCall(made, self.net, self.layout, self.rate, self.methods, self.roles)


class GlobalsCall(ObjectCall):
    """Calls functions that work on what their module holds: arrays, lists, layers; the module is left as it was."""

    def __init__(
        self,
        functions: Mapping[str, Any],
        net: Network,
        layout: Layout,
        rate: float,
        methods: Sequence[str],
        roles: MethodRoles,
        held: Mapping[str, Any],
    ) -> None:
        self.held = held
        read = globals_read([functions[name] for name in (*methods, *functions.keys() - set(methods))])
        super().__init__(SimpleNamespace(**{**read, **held, **functions}), net, layout, rate, methods, roles)

    def _run(self, now: Any, given: CallInputs, found: Mapping[str, Slot]) -> tuple[Any, Any, CallInputs]:
        given = replace(given, forward={**given.forward, **{name: vars(now)[name] for name in self.held}})
        return super()._run(now, given, found)

    def _call(self, now: Any, name: str, given: CallInputs, found: Mapping[str, Slot]) -> Any:
        """Call a function while its module holds what we hold; what it makes there is held by us afterwards."""
        space = getattr(getattr(now, name), "__globals__", {})
        before = space.keys() - vars(now).keys()
        with restored(space):
            space.update({one: value for one, value in vars(now).items() if is_held(value)})
            try:
                return super()._call(now, name, given, found)
            finally:
                made = {one: value for one, value in space.items() if one not in before}
                vars(now).update({one: value for one, value in made.items() if is_held(value)})


def _named_blocks(net: Network, raw: Raw) -> bool:
    """Whether names tell the blocks among more that was returned."""
    return isinstance(raw.gradients, dict) and next(readings(net, raw.gradients), None) is not None


def _is_same(before: Vector, now: Vector | None) -> bool:
    return now is not None and now.shape == before.shape and bool(np.array_equal(now, before, equal_nan=True))
