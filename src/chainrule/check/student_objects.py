"""Objects: where an object keeps its parameters and its gradients, found by name, then by shape."""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.given import CallInputs
from chainrule.check.layouts import Layout
from chainrule.check.names import ROLES, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chainrule.check.edits.program import Vector
    from chainrule.network.network import Network

DEPTH = 4  # of objects, lists and dicts within each other
GRADIENT = re.compile(r"(?i)^(d_?[a-z]_?[a-z]{0,2}_?\d*|.*(grad|delta|nabla|deriv).*)$")
OF_OPTIMIZER = re.compile(
    r"(?i).*(veloc|moment|cache|(prev|last)(ious)?_?(d|w|b|g|c|u|v|s|theta|param)|change|hist|accum|adagrad|rms|adam|mask).*"
)
ONE_BIAS = re.compile(r"(?i)^_*(b_?\d*|bias_?\d*|intercept|(w|theta|beta)_?0)_*$")  # of one unit: a plain number
ONE_WEIGHT = re.compile(r"(?i)^_*(w_?([1-9]\d*)?|weight|slope|m)_*$")  # from one unit to another
OF_BLOCK = frozenset(["w", "weight", "weights", "b", "bias", "biases", "theta"])
Shapes: TypeAlias = "Mapping[str, tuple[int, ...]]"

NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, eq=False)
class Slot:
    """A place that holds an array: an attribute, an item of a list or of a dict, anywhere in an object."""

    container: Any
    key: Any
    path: str

    @property
    def value(self) -> Any:
        """What it holds now."""
        if isinstance(self.container, dict | list | tuple):
            return self.container[self.key]
        return getattr(self.container, self.key)

    @property
    def array(self) -> Vector:
        """What it holds now, as an array; an empty one where rows differ in length."""
        try:
            return np.asarray(self.value, dtype=None if isinstance(self.value, np.ndarray) else np.float64)
        except (TypeError, ValueError):
            return np.zeros(0)

    def put(self, array: Vector) -> None:
        """Let it hold other numbers: in the same array or list where that can be, so that who shares it sees them."""
        old = self.value
        if isinstance(old, list):
            old[:] = array.tolist()
        elif isinstance(old, np.ndarray) and old.shape == array.shape and old.dtype == array.dtype and _is_own(old):
            old[...] = array
        elif isinstance(self.container, dict | list):
            self.container[self.key] = float(array.ravel()[0]) if _is_number(old) else array
        elif _is_number(old):
            setattr(self.container, self.key, float(array.ravel()[0]))
        else:
            setattr(self.container, self.key, array)

    @property
    def name(self) -> str:
        """The last word of its path, without numbers of lists and dicts: W1, weights, dW."""
        return _last_word(self.path)


@lru_cache(maxsize=4096)
def _last_word(path: str) -> str:
    words = re.sub(r"\[[\d*]+\]", "", path).split(".")
    return next((word for word in reversed(words) if not word.isdigit()), "")


class Units(Slot):
    """The places in which the units of a layer hold each its own weights, or its own bias: together a block."""

    @property
    def value(self) -> Any:
        """What the units hold now."""
        return [slot.value for slot in self.container]

    @property
    def array(self) -> Vector:
        """A row for each unit."""
        return np.array([slot.array for slot in self.container], dtype=np.float64)

    def put(self, array: Vector) -> None:
        """Let every unit hold its row."""
        for slot, row in zip(self.container, array, strict=True):
            slot.put(np.asarray(row))


def units_of(slots: Sequence[Slot]) -> list[Slot]:
    """The units' weights and biases by layer: vectors, or numbers, of places that differ in one number alone."""
    groups: dict[str, list[Slot]] = {}
    for slot in slots:
        if slot.array.ndim < 2 and (found := list(re.finditer(r"\[\d+\]", slot.path))):
            begin, end = found[-1].span()
            if end < len(slot.path):  # weights of a unit: not the last list itself
                groups.setdefault(f"{slot.path[:begin]}[*]{slot.path[end:]}", []).append(slot)
    alike = {path: group for path, group in groups.items() if len({slot.array.shape for slot in group}) == 1}
    return [Units(group, "units", path) for path, group in alike.items()]


def entries_of(net: Network, slots: Sequence[Slot]) -> list[Slot]:
    """Blocks of which every entry is a number with a name of its own: w1, w2, … unit by unit, and b1, b2, …."""
    found: list[Slot] = []
    for letter, one in (("W", ONE_WEIGHT), ("b", ONE_BIAS)):
        shapes = {name: shape for name, shape in net.shapes.items() if name[0] == letter}
        entries = [slot for slot in slots if not slot.array.ndim and one.match(slot.name) and NUMBER.search(slot.name)]
        entries.sort(key=lambda slot: int(NUMBER.findall(slot.name)[0]))
        if len(entries) != sum(int(np.prod(shape)) for shape in shapes.values()):
            return []
        rest = iter(entries)
        for name, shape in shapes.items():
            if letter == "W":
                units = [Units(list(islice(rest, shape[0])), "units", name) for _ in range(shape[1])]
            found.append(Units(units if letter == "W" else list(islice(rest, shape[0])), "units", f".entries.{name}"))
    return found


def slots_of(thing: Any) -> list[Slot]:
    """Every place of an object that holds an array of numbers, in the order in which the object keeps them."""
    return list(_walk(thing, "", 0, set()))


def _walk(thing: Any, path: str, depth: int, seen: set[int]) -> Iterator[Slot]:
    if depth > DEPTH or id(thing) in seen:
        return
    seen.add(id(thing))
    parts = _parts(thing, path)
    others = []
    for key, value, name in parts:  # its own come first: a layer may know the next one
        if is_numbers(value) or (_is_number(value) and (ONE_BIAS.match(str(key)) or ONE_WEIGHT.match(str(key)))):
            yield Slot(thing, key, name)
        elif _may_hold_arrays(value):
            others.append((value, name))
    for value, name in others:
        yield from _walk(value, name, depth + 1, seen)


def objects_in(thing: Any) -> list[Any]:
    """An object, and the objects that it holds: its layers, in lists and dicts too."""
    seen: dict[int, Any] = {id(thing): thing}
    pending = [(thing, 0)]
    while pending:
        one, depth = pending.pop(0)
        for _, value, _ in _parts(one, "") if depth < DEPTH else ():
            if id(value) not in seen and not is_numbers(value) and _may_hold_arrays(value):
                seen[id(value)] = value
                pending.append((value, depth + 1))
    return [one for one in seen.values() if hasattr(one, "__dict__")]


def arrays_of_class(thing: Any) -> dict[str, Any]:
    """The arrays that a class keeps for all its objects, as far as an object has none of its own by that name."""
    found: dict[str, Any] = {}
    for one in reversed(type(thing).__mro__):
        found |= {name: value for name, value in vars(one).items() if isinstance(value, np.ndarray)}
    return {name: value for name, value in found.items() if name not in getattr(thing, "__dict__", {name: None})}


def is_numbers(value: Any) -> bool:
    """Whether something is an array of numbers, or a list of numbers or of rows of them."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiu"
    if isinstance(value, np.floating):
        return True
    if not isinstance(value, list) or not value:
        return False
    if all(isinstance(row, list) for row in value):
        return len({len(row) for row in value}) == 1 and all(row and all(map(_is_number, row)) for row in value)
    return all(map(_is_number, value))


def _is_number(value: Any) -> bool:
    kind = type(value)
    return kind is float or kind is int or (isinstance(value, int | float | np.number) and kind is not bool)


def _is_own(array: Vector) -> bool:
    return bool(array.flags.writeable)


def _parts(thing: Any, path: str) -> list[tuple[Any, Any, str]]:
    """The parts of a thing: key, value and path."""
    if isinstance(thing, dict):
        return [(key, value, f"{path}.{key}") for key, value in list(thing.items())]
    if isinstance(thing, list | tuple):
        return [(k, value, f"{path}[{k}]") for k, value in enumerate(thing)]
    return [(name, value, f"{path}.{name}") for name, value in list(vars(thing).items())]


def _may_hold_arrays(value: Any) -> bool:
    if isinstance(value, dict | list | tuple):
        return True
    plain = (
        type,
        random.Random,
        ModuleType,
        FunctionType,
        MethodType,
        BuiltinFunctionType,
        np.random.Generator,
        np.random.RandomState,
    )
    return hasattr(value, "__dict__") and not isinstance(value, plain)


def parameters_of(net: Network, slots: Sequence[Slot]) -> dict[str, Slot] | None:
    """Return the slot of each block: by names that number the layers, else by shape in their order.

    Where there are none for the biases, those of matrices that hold a layer's weights and biases, by the weights' name.
    """
    able = [slot for slot in slots if not isinstance(slot.container, tuple) and not _is_derived(slot, slots)]
    able = [slot for slot in able if not _is_data(slot.path)]
    entries = entries_of(net, able)
    numbers = (ONE_BIAS, ONE_WEIGHT) if (1, 1) in net.shapes.values() else (ONE_BIAS,)
    able = [slot for slot in able if slot.array.ndim or any(one.match(slot.name) for one in numbers)]
    for some in (able, units_of(able), entries):
        for shapes in (net.shapes, stack_shapes(net)):
            if (found := parameters_named(shapes, some)) is not None:
                return found
    return None


def parameters_named(shapes: Shapes, slots: Sequence[Slot]) -> dict[str, Slot] | None:
    """Return the slot of each block by names that number the layers, else by shape in their order."""
    return _by_name(shapes, slots) or _by_shape(shapes, slots)


def stack_shapes(net: Network) -> dict[str, tuple[int, ...]]:
    """The shapes of matrices [W; b] by the weights' names."""
    return {
        name: (shape[0] + net.layers[int(name[1:]) - 1].bias, shape[1])
        for name, shape in net.shapes.items()
        if name[0] == "W"
    }


def put_all(found: Mapping[str, Slot], given: CallInputs, net: Network, slots: Sequence[Slot]) -> None:
    """Let the slots hold the parameters of a point, and every other slot that holds the same array."""
    blocks = {**CallInputs(net, given.point, Layout(), given.rate).blocks}
    turned = given.layout.turned
    if found.keys() != net.shapes.keys():
        rows = replace(given.layout, order=given.layout.order.replace("units", "rows"))  # type: ignore[arg-type]
        stacks = CallInputs(net, given.point, rows, given.rate).stacks
        blocks = {f"W{k}": stack for k, stack in enumerate(stacks, start=1)}
        turned = given.layout.order.startswith("units")
    turned = turned or any(_is_turned(slot.array.shape, blocks[name].shape) for name, slot in found.items())
    for name, slot in found.items():
        old = slot.value
        put_block(slot, blocks[name], turned=turned or isinstance(slot, Units))
        for other in slots:
            if other.value is old and slot.value is not old:
                put_block(other, blocks[name], turned=turned)


def _is_turned(have: tuple[int, ...], want: tuple[int, ...]) -> bool:
    """Whether a matrix is kept the other way around, and its shape shows it: then a square one is, too."""
    return len(have) == 2 and have == want[::-1] != want


def gradients_in(net: Network, slots: Sequence[Slot], before: Mapping[int, Vector]) -> dict[str, Vector] | None:
    """Return the gradients that an object keeps: arrays named so, or made anew, one for each block.

    ``before`` are the arrays that slots held before, by the identity of their containers and keys.
    """
    named = [
        slot for slot in slots if GRADIENT.match(slot.name) or GRADIENT.match(slot.path.split(".")[1].split("[")[0])
    ]
    moved = [slot for slot in slots if place_of(slot) not in before]
    for some in (named, moved):
        arrays = [slot for slot in some if slot.array.ndim]
        found = _by_name(net.shapes, arrays) or _by_shape(net.shapes, arrays)
        found = found or _by_name(stack_shapes(net), arrays) or _by_name(net.shapes, some, loose=True)
        if found is not None:
            return {f"d{block}": slot.array.copy() for block, slot in found.items()}
    return None


def place_of(slot: Slot) -> int:
    """Tell a slot from others, from call to call."""
    return hash((id(slot.container), slot.key))


def _is_derived(slot: Slot, slots: Sequence[Slot]) -> bool:
    """Whether a slot holds a gradient or an optimizer's memory: dW1, vW1 or grad_W1 beside W1."""
    if GRADIENT.match(slot.name) or OF_OPTIMIZER.match(slot.path):
        return True
    own = slot.name  # no other slot's name is taken for its own: a shorter one is
    others = {name for other in slots if len(own) > len(name := other.name) > 0}
    before = [own.removesuffix(name).strip("_").lower() for name in others if own.endswith(name)]
    return any(OF_BLOCK.isdisjoint(word.split("_")) for word in before)


def _is_data(path: str) -> bool:
    """Whether a slot is an object's own data: its whole name says so, as inputs does, and W_input does not."""
    return any(plain(path.lstrip(".")) in ROLES[role] for role in ("X", "T"))


def _by_name(shapes: Shapes, slots: Sequence[Slot], *, loose: bool = False) -> dict[str, Slot] | None:
    """Match names that say weights or bias and number the layers, from 0, from 1, or by their place in a list.

    ``loose`` takes one number for a whole bias, and weights of whatever shape: a gradient may be wrong.
    """
    found: dict[tuple[str, int], Slot] = {}
    for slot in slots:
        numbers = NUMBER.findall(slot.path)
        if not numbers:
            continue
        letters = re.sub(r"^(d_?|grad_?|g_?|nabla_?|delta_?)(?=[a-zA-Z])", "", slot.name) or slot.name
        letter = "b" if _says_bias(letters) else "W"
        if not loose or letters.lower().startswith(("b", "w", "theta")):
            found.setdefault((letter, int(numbers[-1])), slot)
    places = {number: k for k, number in enumerate(sorted({n for letter, n in found if letter == "W"}), start=1)}
    named = {f"{letter}{places[number]}": slot for (letter, number), slot in found.items() if number in places}
    if not set(shapes) <= set(named):
        return None
    matched = {block: named[block] for block in shapes}
    if loose:
        return matched
    return matched if all(fits(slot.array.shape, shapes[block]) for block, slot in matched.items()) else None


def _by_shape(shapes: Shapes, slots: Sequence[Slot]) -> dict[str, Slot] | None:
    """Give each block the first slot of its shape, all weights the same way around and in order where that can be."""
    places = {slot: k for k, slot in enumerate(slots)}
    for turned in (False, True):
        if (found := _first_of_shapes(shapes, slots, turned)) is not None:
            came = [places[slot] for block, slot in found.items() if block[0] == "W"]
            if came == sorted(came):
                return found
    return _first_of_shapes(shapes, slots, None)


def _first_of_shapes(shapes: Shapes, slots: Sequence[Slot], turned: bool | None) -> dict[str, Slot] | None:
    """Give each block the first slot of its shape; a bias one whose name says so, if there is any."""
    found: dict[str, Slot] = {}
    for block, shape in shapes.items():
        free = [slot for slot in slots if slot not in found.values() and _is_way(slot.array.shape, shape, turned)]
        said = [slot for slot in free if _is_bias(slot) == (block[0] == "b")]
        if not free or (block[0] == "W" and not said):
            return None
        beside = [slot for slot in said if block[0] == "b" and slot.container is found[f"W{block[1:]}"].container]
        found[block] = (beside or said or free)[0]
    return found


def _is_way(have: tuple[int, ...], want: tuple[int, ...], turned: bool | None) -> bool:
    """Whether an array could hold a block; of a matrix, transposed or not, None for either."""
    if turned is not None and len(have) == len(want) == 2 and have != want[:: -1 if turned else 1]:
        return False
    return fits(have, want)


def _is_bias(slot: Slot) -> bool:
    return _says_bias(slot.name) or not (slot.array.ndim or ONE_WEIGHT.match(slot.name))


def _says_bias(name: str) -> bool:
    return name.lower().startswith(("b", "c", "sesgo", "vies", "intercept")) or "bias" in name.lower()


def fits(have: tuple[int, ...], want: tuple[int, ...]) -> bool:
    """Whether an array of one shape could hold a block of another: as it is, transposed, or with a side of one."""
    if have in (want, want[::-1]):
        return True
    return math.prod(have) == math.prod(want) and (1 in (*want, *have) or len(want) == 1) and len(have) <= 2


def put_block(slot: Slot, value: Vector, *, turned: bool) -> None:
    """Let a slot hold a block, turned where its shape says so, or where both ways fit and the layout does."""
    have = slot.array.shape
    if value.ndim == 2 and value.shape[0] == value.shape[1]:
        slot.put((value.T if turned else value).copy())
    elif have != value.shape and have == value.shape[::-1]:
        slot.put(value.T.copy())
    else:
        slot.put(value.reshape(have).copy())
