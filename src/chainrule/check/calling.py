"""Students: every way in which a gradient is written by hand, made into one call with weights, biases and samples."""

from __future__ import annotations

import copy
import inspect
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.returned_values import Raw
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.check.edits.program import Point
    from chainrule.network.network import Network

Call: TypeAlias = "Callable[[Point], Raw]"

INPUTS = ("x", "xs", "inputs", "data", "features")
TARGETS = ("t", "ts", "y", "ys", "targets", "labels", "target", "gt", "y_true")
PENALTIES = ("l2", "lam", "lambda_", "lambd", "reg", "lmbda", "regularization", "weight_decay")
WEIGHTS = ("weights", "ws", "w_list", "w")
BIASES = ("biases", "bs", "b_list", "b")
FLAT = ("theta", "params", "parameters", "flat", "w_flat", "vec")


class StudentError(Exception):
    """No error of ours: what a student's code raised is its cause."""


def run(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a student's function; whatever it raises is told from what we raise."""
    try:
        return function(*arguments)
    except Exception as error:
        raise StudentError(str(error)) from error


@dataclass(frozen=True)
class Argument:
    """What one parameter of a student's function is given."""

    name: str
    give: Callable[[Point], Any]


def as_call(student: Any, net: Network, *, rate: float = 0.1) -> Call:
    """Return a call of a student's code at a point.

    Accepted are a function of theta (and X, T, l2), of weights and biases as lists or one by one (W1, b1, …) with X, T
    and l2, a function without them that reads arrays of a module, and an object whose ``forward`` and ``backward``
    update its own arrays. Parameters are known by their usual names.

    Raises
    ------
    InvalidValue
        Where the code is none of these; the sentence says what was looked for.
    """
    if inspect.isclass(student) or hasattr(student, "forward") or hasattr(student, "backward"):
        for name in ("forward", "backward"):
            if not callable(getattr(student, name, None)):
                raise InvalidValue(f"A class must have forward(X) and backward(T), and yours has no {name}.")
    if inspect.isclass(student):
        _make(student)
        return lambda point: call_object(_make(student), net, point, rate)
    if hasattr(student, "forward") and hasattr(student, "backward"):
        return lambda point: call_object(student, net, point, rate)
    if not callable(student):
        raise InvalidValue(f"student must be a function, a class or an object, got {type(student).__name__}.")
    arguments = [_argument(parameter, net) for parameter in _parameters(student)]
    if any(one.name in ("theta", "weights", "one") for one in arguments):
        return _either_targets(net, lambda point: _with_arguments(student, arguments, net, point))
    names = _global_arrays(student, net)
    return _either_targets(net, lambda point: _with_globals(student, names, arguments, net, point))


def _either_targets(net: Network, call: Call) -> Call:
    """Give targets of one output as a column, and where the code raises as a flat array, which some are written for."""

    def flat_too(point: Point) -> Raw:
        try:
            return call(point)
        except StudentError:
            if net.n_outputs != 1 or point.T.ndim == 1:
                raise
            return call(replace(point, T=point.T.ravel()))

    return flat_too


def _make(student: type) -> Any:
    """Make an object of a class that needs nothing for it."""
    try:
        return student()
    except TypeError as error:
        raise InvalidValue(
            f"I cannot make a {student.__name__} without arguments ({error}). Make it yourself and hand me the object."
        ) from error


def _with_arguments(student: Any, arguments: Sequence[Argument], net: Network, point: Point) -> Raw:
    """Call a function and note whether it changed what it was given."""
    given = [one.give(point) for one in arguments]
    before = copy.deepcopy(given)
    raw = as_raw(run(student, *given), net, point)
    return replace(raw, changed=not all(_alike(a, b) for a, b in zip(given, before, strict=True)))


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, list):
        return len(one) == len(other) and all(_alike(a, b) for a, b in zip(one, other, strict=True))
    return one is other or bool(np.array_equal(one, other))


def _parameters(student: Any) -> list[inspect.Parameter]:
    """The parameters without defaults, and those with one that we know by name."""
    try:
        found = list(inspect.signature(student).parameters.values())
    except (TypeError, ValueError):
        raise InvalidValue(
            "I cannot see which arguments your function takes. Wrap it: lambda theta, X, T: ..."
        ) from None
    known = (*INPUTS, *TARGETS, *PENALTIES)
    return [one for one in found if one.default is inspect.Parameter.empty or one.name.lower() in known]


def _argument(parameter: inspect.Parameter, net: Network) -> Argument:
    """Tell from a parameter's name what it is given: copies, which may be changed."""
    name = parameter.name.lower()
    by_name: list[tuple[tuple[str, ...], str, Callable[[Point], Any]]] = [
        (FLAT, "theta", lambda point: point.theta.copy()),
        (WEIGHTS, "weights", lambda point: [W.copy() for W, _ in net.views(point.theta)]),
        (BIASES, "biases", lambda point: [b if b is None else b.copy() for _, b in net.views(point.theta)]),
        (INPUTS, "X", lambda point: point.X.copy()),
        (TARGETS, "T", lambda point: point.T.copy()),
        (PENALTIES, "l2", lambda point: point.l2),
    ]
    blocks = [((one.lower(), f"{one[0].lower()}_{one[1:]}"), "one", partial(_block, net, one)) for one in net.shapes]
    columns = [((f"x{k + 1}", f"x_{k + 1}"), "X", partial(_column, k)) for k in range(net.n_features)]
    known: list[tuple[tuple[str, ...], str, Callable[[Point], Any]]] = [*by_name, *blocks, *columns]
    for names, what, give in known:
        if name in names:
            return Argument(what, give)
    raise InvalidValue(
        f"I do not know what to give to the parameter {parameter.name!r}. I know theta, weights, biases, W1, b1, …, X, "
        "T (also y, targets), l2 (also lam, reg); or wrap your code: lambda weights, biases, X, T: ..."
    )


def _block(net: Network, block: str, point: Point) -> Any:
    return blocks_of(net, point)[block]


def _column(k: int, point: Point) -> Any:
    return point.X[:, k].copy()


def blocks_of(net: Network, point: Point) -> dict[str, Any]:
    """The parameters by block: copies."""
    theta = point.theta.copy()
    pairs = net.views(theta)
    found = {}
    for number, (W, b) in enumerate(pairs, start=1):
        found[f"W{number}"] = W
        if b is not None:
            found[f"b{number}"] = b
    return found


def as_raw(result: Any, net: Network, point: Point) -> Raw:
    """Tell loss, outputs and gradient apart in what a function returned."""
    texts = [one for one in (result.values() if isinstance(result, dict) else _as_list(result)) if isinstance(one, str)]
    if texts:
        return Raw(None, None, None, complaint=f"It returns the text {texts[0]!r}, where numbers belong.")
    if isinstance(result, dict):
        loss = next((result[name] for name in ("loss", "L", "cost", "J") if name in result), None)
        Y = next((result[name] for name in ("Y", "y_hat", "outputs", "p") if name in result), None)
        rest = {
            name: value
            for name, value in result.items()
            if name not in ("loss", "L", "cost", "J", "Y", "y_hat", "outputs", "p")
        }
        inner = next((rest[name] for name in ("gradients", "grads", "gradient", "grad") if name in rest), rest)
        return Raw(None if loss is None else as_number(loss), Y, inner)
    if not isinstance(result, tuple | list):
        return Raw(None, None, result)
    found: float | None = None
    outputs = None
    rest_items: list[Any] = []
    shapes = {*net.shapes.values()}
    for item in result:
        shape = None if item is None or isinstance(item, dict | list | tuple) else np.shape(item)
        if found is None and (shape == () or (shape in ((1,), (1, 1)) and len(result) == 2)):
            found = as_number(item)
        elif outputs is None and shape == (point.N, net.n_outputs) and shape not in shapes:
            outputs = item
        else:
            rest_items.append(item)
    return Raw(found, outputs, rest_items[0] if len(rest_items) == 1 else rest_items)


def _as_list(result: Any) -> list[Any]:
    return list(result) if isinstance(result, tuple | list) else [result]


def as_number(loss: Any) -> float:
    """Return a loss as a number; NaN where it is none."""
    try:
        return float(np.squeeze(loss))
    except (TypeError, ValueError):
        return float("nan")


def _global_arrays(student: Any, net: Network) -> dict[str, str]:
    """Find the module's arrays that a function reads: one for each block, by shape, in the order it reads them."""
    space = getattr(student, "__globals__", {})
    code = getattr(student, "__code__", None)
    read = [name for name in (code.co_names if code else ()) if isinstance(space.get(name), np.ndarray)]
    found: dict[str, str] = {}
    for block, shape in net.shapes.items():
        fitting = [name for name in read if name not in found.values() and _fits(space[name].shape, shape)]
        if not fitting:
            raise InvalidValue(
                f"Your function takes no parameters of the network, and reads no array of a module that could be "
                f"{block} {shape}. Pass them: def backprop(weights, biases, X, T), or def backprop(theta, X, T)."
            )
        found[block] = fitting[0]
    return found


def _fits(have: tuple[int, ...], want: tuple[int, ...]) -> bool:
    return have in (want, want[::-1]) or (int(np.prod(have)) == int(np.prod(want)) and 1 in (*want, *have, len(want)))


def _with_globals(student: Any, names: dict[str, str], arguments: list[Argument], net: Network, point: Point) -> Raw:
    """Call a function with its module's arrays set to the point's, and set them back."""
    space = student.__globals__
    kept = {name: space[name] for name in names.values()}
    try:
        for block, value in blocks_of(net, point).items():
            have = kept[names[block]].shape
            space[names[block]] = (
                value.T.copy() if value.shape == have[::-1] and value.shape != have else value.reshape(have)
            )
        return _with_arguments(student, arguments, net, point)
    finally:
        space.update(kept)


def call_object(student: Any, net: Network, point: Point, rate: float) -> Raw:
    """Set an object's arrays, run forward and backward, and take the gradient from how its arrays moved."""
    held = {name: value for name, value in vars(student).items() if isinstance(value, np.ndarray)}
    order: dict[str, str] = {}
    for block, shape in net.shapes.items():
        fitting = [name for name, value in held.items() if name not in order.values() and _fits(value.shape, shape)]
        if not fitting:
            raise InvalidValue(f"Your object has no array that could be {block} {shape}.")
        order[block] = fitting[0]
    values = blocks_of(net, point)
    for block, name in order.items():
        have = held[name].shape
        value = values[block]
        setattr(
            student, name, value.T.copy() if value.shape == have[::-1] and value.shape != have else value.reshape(have)
        )
    for name in ("lr", "learning_rate", "rate", "eta", "alpha"):
        if hasattr(student, name):
            setattr(student, name, rate)
    before = {f"d{block}": np.array(getattr(student, name)) for block, name in order.items()}
    Y = run(student.forward, point.X.copy())
    run(student.backward, *_fitting_arguments(student.backward, point, rate))
    after = {f"d{block}": np.array(getattr(student, name)) for block, name in order.items()}
    if all(np.array_equal(before[name], after[name]) for name in before):
        raise InvalidValue("backward changed none of the object's arrays: let it update them, or return the gradients.")
    return Raw(None, Y, (before, after), updated=True, rate=rate)


def _fitting_arguments(backward: Any, point: Point, rate: float) -> list[Any]:
    """Give backward what its parameters ask for."""
    given: list[Any] = []
    for one in inspect.signature(backward).parameters.values():
        name = one.name.lower()
        if name in INPUTS:
            given.append(point.X.copy())
        elif name in TARGETS:
            given.append(point.T.copy())
        elif name in ("lr", "learning_rate", "rate", "eta", "alpha"):
            given.append(rate)
        elif one.default is inspect.Parameter.empty:
            raise InvalidValue(
                f"I do not know what to give to backward's parameter {one.name!r}: I know X, T (y) and lr."
            )
    return given
