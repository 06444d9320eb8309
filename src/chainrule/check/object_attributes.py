"""Object attributes: rates, strengths, counts and data that an object keeps, set to those of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.module_values import is_count
from chainrule.check.names import plain, role_of
from chainrule.check.slots import objects_in

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from chainrule.check.given import CallInputs
    from chainrule.check.slots import Slot
    from chainrule.network.network import Network


def set_rate_and_data(now: Any, given: CallInputs, parameters: Collection[str]) -> None:
    """Set an object's own rates, penalties' strengths, counts of samples, and the data that it was made with.

    Data are no attributes that are called as its ``parameters`` are.
    """
    by_shape = _data_by_shape(now, given, parameters) if hasattr(now, "__dict__") else {}
    for name, told in by_shape.items():
        setattr(now, name, given.X if told == "X" else given.T)
    _set_numbers(now, given)
    for name, value in list(getattr(now, "__dict__", {}).items()):
        if _is_data(value) and name not in parameters and (role := role_of(name)) in ("X", "T"):
            setattr(now, name, given.X if role == "X" else given.T)


def set_rates_within(now: Any, given: CallInputs) -> None:
    """Set rates, strengths and counts of samples of the objects that an object holds: of its layers, say."""
    for thing in list(objects_in(now)):
        if thing is not now:
            _set_numbers(thing, given)


def _set_numbers(thing: Any, given: CallInputs) -> None:
    for name, value in attributes_of(thing).items():
        if isinstance(value, (int, float)) and (number := _number_for(name, value, given)) is not None:
            setattr(thing, name, number)


def _number_for(name: str, value: float, given: CallInputs) -> float | None:
    """What a number that an object keeps is set to: a rate, a strength, a count; None where it stays as it is."""
    role, is_switch = role_of(name), isinstance(value, bool)
    if role == "rate" and not is_switch:
        return given.rate
    if not is_switch and is_strength(name):
        return given.point.l2
    if is_count(name, value, given.net):
        return given.point.N
    if role in ("kept", "dropped"):
        return type(value)(role == "kept")
    return given.times if role == "once" and not is_switch and value > 0 else None


def _is_data(value: Any) -> bool:
    """Whether an attribute may hold samples: an array, or a list, but not of an object's own units."""
    return isinstance(value, np.ndarray) or (isinstance(value, list) and not (value and hasattr(value[0], "__dict__")))


def _data_by_shape(now: Any, given: CallInputs, parameters: Collection[str]) -> dict[str, str]:
    """Arrays of an object whose names tell nothing, and whose shapes say that they are its inputs, or its targets.

    They have as many rows, or columns, as one another, and nothing else has.
    """
    arrays = {
        name: np.shape(value)
        for name, value in vars(now).items()
        if name not in parameters and isinstance(value, np.ndarray) and value.ndim in (1, 2)
    }
    widths = {"X": given.net.n_features, "T": given.net.n_outputs}
    found: dict[str, str] = {}
    for role, other in (("X", "T"), ("T", "X")):
        roles = {name: role_of(name) or found.get(name) for name in arrays}
        counts = {n for name, shape in arrays.items() if roles[name] == other for n in shape if n > 1}
        counts = counts or {n for shape in arrays.values() for n in shape} - {*given.widths, 1}
        able = [
            name
            for name in arrays
            if roles[name] in (None, "X and T") and any(_holds(arrays[name], n, widths[role]) for n in counts)
        ]
        if len(able) == 1 and role not in roles.values():
            found[able[0]] = role
    return found


def _holds(shape: tuple[int, ...], n_samples: int, width: int) -> bool:
    """Whether an array of this shape holds so many numbers for each sample, in rows or in columns."""
    return shape in ((n_samples, width), (width, n_samples)) or (width == 1 and shape == (n_samples,))


def attributes_of(thing: Any) -> dict[str, Any]:
    """What an object keeps, and the numbers that its class keeps for it.

    >>> class Net:
    ...     rate = 0.5
    >>> attributes_of(Net())
    {'rate': 0.5}
    """
    if not hasattr(thing, "__dict__"):
        return {}
    found: dict[str, Any] = {}
    for one in type(thing).__mro__[-2::-1]:
        numbers = [(name, value) for name, value in vars(one).items() if isinstance(value, (int, float))]
        found.update((name, value) for name, value in numbers if not name.startswith("__"))
    found |= vars(thing)
    return found


def is_strength(name: str) -> bool:
    """Whether an attribute's name says that it is λ: the plainest names alone, as objects keep much."""
    return role_of(name) == "l2" and plain(name) not in ("l", "decay", "wd")


def no_arrays(kind: str, slots: Sequence[Slot], net: Network) -> str:
    """Say which arrays were looked for in an object, and which it has."""
    held = ", ".join(f"{slot.path.lstrip('.')} {slot.array.shape}" for slot in slots) or "no arrays"
    wanted = ", ".join(f"{name} {shape}" for name, shape in net.shapes.items())
    if kind == "SimpleNamespace":
        return (
            f"Your function takes no parameters of the network, and reads no array of a module that could be each of "
            f"{wanted}; it reads {held}. Pass them: def backprop(weights, biases, X, T), or def backprop(theta, X, T)."
        )
    return (
        f"Your {kind} object has no array that could be each of {wanted}. It holds {held}. Is the "
        "network the one that the object is meant to be? If it is, say where they are:"
    )
