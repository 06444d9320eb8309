"""Parameter places: which of an object's arrays are its parameters or its gradients, told by names, then by shapes."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from chainrule.check.names import ROLES, plain
from chainrule.check.slots import NUMBER, ONE_BIAS, ONE_WEIGHT, Units, last_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chainrule.check.slots import Slot

GRADIENT = re.compile(r"(?i)^(d_?[a-z]_?[a-z]{0,2}_?\d*|.*(grad|delta|nabla|deriv).*)$")
OF_OPTIMIZER = re.compile(
    r"(?i).*(veloc|moment|cache|(prev|last)(ious)?_?(d|w|b|g|c|u|v|s|theta|param)|change|hist|accum|adagrad|rms|adam|mask).*"
)
OF_BLOCK = frozenset(["w", "weight", "weights", "b", "bias", "biases", "theta"])
Shapes: TypeAlias = "Mapping[str, tuple[int, ...]]"


class ArrayPlace(NamedTuple):
    """What a slot is without its numbers: its number among all, its container's, its path and its array's shape.

    One that stands for the units of a layer has theirs as ``units``, and a number below 0.
    """

    number: int
    container: int
    path: str
    shape: tuple[int, ...]
    is_fixed: bool = False
    units: tuple[ArrayPlace, ...] = ()

    @property
    def name(self) -> str:
        """The last word of its path."""
        return last_word(self.path)


Places: TypeAlias = tuple[ArrayPlace, ...]
Found: TypeAlias = "Mapping[str, ArrayPlace] | None"  # the place of each block


def places_of(slots: Iterable[Slot]) -> Places:
    """What slots are without their numbers: of one object at two points it is the same."""
    containers: dict[int, int] = {}
    return tuple(
        ArrayPlace(
            number,
            containers.setdefault(id(slot.container), len(containers)),
            slot.path,
            slot.array.shape,
            isinstance(slot.container, tuple),
        )
        for number, slot in enumerate(slots)
    )


def slot_at(place: ArrayPlace, slots: Sequence[Slot]) -> Slot:
    """The slot of a place."""
    if place.units:
        return Units([slot_at(one, slots) for one in place.units], "units", place.path)
    return slots[place.number]


@lru_cache(maxsize=512)
def parameter_places(shapes: tuple[tuple[str, tuple[int, ...]], ...], places: Places) -> Found:
    """Return the place of each block: by names that number the layers, else by shape in their order.

    Where there are none for the biases, those of matrices that hold a layer's weights and biases, by the weights' name.
    """
    able = [one for one in places if not one.is_fixed and not _is_derived(one, places) and not _is_data(one.path)]
    entries = _entries_of(dict(shapes), able)
    numbers = (ONE_BIAS, ONE_WEIGHT) if (1, 1) in dict(shapes).values() else (ONE_BIAS,)
    able = [one for one in able if one.shape or any(name.match(one.name) for name in numbers)]
    for some in (able, units_among(tuple(able)), entries):
        for wanted in (dict(shapes), stack_shapes(dict(shapes))):
            if (found := named_places(wanted, some)) is not None:
                return found
    return None


def named_places(shapes: Shapes, places: Sequence[ArrayPlace]) -> Found:
    """Return the place of each block by names that number the layers, else by shape in their order."""
    return _by_name(shapes, places) or _by_shape(shapes, places)


@lru_cache(maxsize=512)
def gradient_places(shapes: tuple[tuple[str, tuple[int, ...]], ...], places: Places, moved: tuple[bool, ...]) -> Found:
    """Return the places of the gradients that an object keeps: arrays named so, or made anew, one for each block."""
    blocks = dict(shapes)
    named = [one for one in places if _says_gradient(one)]
    anew = [one for one, has_moved in zip(places, moved, strict=True) if has_moved]
    for some in (named, anew):
        arrays = [one for one in some if one.shape]
        found = _by_name(blocks, arrays) or _by_shape(blocks, arrays)
        found = found or _by_name(stack_shapes(blocks), arrays) or _by_name(blocks, some, loose=True)
        if found is not None:
            return found
    return None


def _says_gradient(place: ArrayPlace) -> bool:
    return bool(GRADIENT.match(place.name) or GRADIENT.match(place.path.split(".")[1].split("[")[0]))


def stack_shapes(shapes: Shapes) -> dict[str, tuple[int, ...]]:
    """The shapes of matrices [W; b] by the weights' names.

    >>> stack_shapes({"W1": (2, 3), "b1": (3,), "W2": (3, 1)})
    {'W1': (3, 3), 'W2': (3, 1)}
    """
    return {name: (shape[0] + (f"b{name[1:]}" in shapes), shape[1]) for name, shape in shapes.items() if name[0] == "W"}


@lru_cache(maxsize=512)
def units_among(places: Places) -> Places:
    """The units' weights and biases by layer: vectors, or numbers, of places that differ in one number alone."""
    groups: dict[str, list[ArrayPlace]] = {}
    for one in places:
        if len(one.shape) < 2 and (found := list(re.finditer(r"\[\d+\]", one.path))):
            begin, end = found[-1].span()
            if end < len(one.path):  # weights of a unit: not the last list itself
                groups.setdefault(f"{one.path[:begin]}[*]{one.path[end:]}", []).append(one)
    alike = {path: group for path, group in groups.items() if len({one.shape for one in group}) == 1}
    return tuple(_together(-k, path, group) for k, (path, group) in enumerate(alike.items(), start=1))


def _together(number: int, path: str, units: Iterable[ArrayPlace]) -> ArrayPlace:
    """The place of several units, which are its rows."""
    rows = tuple(units)
    return ArrayPlace(number, number, path, (len(rows), *rows[0].shape), units=rows)


def _entries_of(shapes: Shapes, places: Sequence[ArrayPlace]) -> list[ArrayPlace]:
    """Blocks of which every entry is a number with a name of its own: w1, w2, … unit by unit, and b1, b2, …."""
    found: list[ArrayPlace] = []
    for letter, one in (("W", ONE_WEIGHT), ("b", ONE_BIAS)):
        wanted = {name: shape for name, shape in shapes.items() if name[0] == letter}
        entries = [place for place in places if not place.shape and one.match(place.name) and NUMBER.search(place.name)]
        entries.sort(key=lambda place: int(NUMBER.findall(place.name)[0]))
        if len(entries) != sum(math.prod(shape) for shape in wanted.values()):
            return []
        rest = iter(entries)
        for name, shape in wanted.items():
            units = [_together(-1, name, islice(rest, shape[0])) for _ in range(shape[1] if letter == "W" else 0)]
            found.append(_together(-1 - len(found), f".entries.{name}", units or islice(rest, shape[0])))
    return found


def _is_derived(place: ArrayPlace, places: Sequence[ArrayPlace]) -> bool:
    """Whether a place holds a gradient or an optimizer's memory: dW1, vW1 or grad_W1 beside W1."""
    if GRADIENT.match(place.name) or OF_OPTIMIZER.match(place.path):
        return True
    own = place.name  # no other place's name is taken for its own: a shorter one is
    others = {name for other in places if len(own) > len(name := other.name) > 0}
    before = [own.removesuffix(name).strip("_").lower() for name in others if own.endswith(name)]
    return any(OF_BLOCK.isdisjoint(word.split("_")) for word in before)


def _is_data(path: str) -> bool:
    """Whether a place is an object's own data: its whole name says so, as inputs does, and W_input does not."""
    return any(plain(path.lstrip(".")) in ROLES[role] for role in ("X", "T"))


def _by_name(shapes: Shapes, places: Sequence[ArrayPlace], *, loose: bool = False) -> dict[str, ArrayPlace] | None:
    """Match names that say weights or bias and number the layers, from 0, from 1, or by their place in a list.

    ``loose`` takes one number for a whole bias, and weights of whatever shape: a gradient may be wrong.
    """
    found: dict[tuple[str, int], ArrayPlace] = {}
    for place in places:
        numbers = NUMBER.findall(place.path)
        if not numbers:
            continue
        letters = re.sub(r"^(d_?|grad_?|g_?|nabla_?|delta_?)(?=[a-zA-Z])", "", place.name) or place.name
        letter = "b" if _says_bias(letters) else "W"
        if not loose or letters.lower().startswith(("b", "w", "theta")):
            found.setdefault((letter, int(numbers[-1])), place)
    layers = {number: k for k, number in enumerate(sorted({n for letter, n in found if letter == "W"}), start=1)}
    named = {f"{letter}{layers[number]}": place for (letter, number), place in found.items() if number in layers}
    if not set(shapes) <= set(named):
        return None
    matched = {block: named[block] for block in shapes}
    if loose:
        return matched
    return matched if all(fits(place.shape, shapes[block]) for block, place in matched.items()) else None


def _by_shape(shapes: Shapes, places: Sequence[ArrayPlace]) -> dict[str, ArrayPlace] | None:
    """Give each block the first place of its shape, all weights the same way around and in order where that can be."""
    turns = {place: k for k, place in enumerate(places)}
    for turned in (False, True):
        if (found := _first_of_shapes(shapes, places, turned)) is not None:
            came = [turns[place] for block, place in found.items() if block[0] == "W"]
            if came == sorted(came):
                return found
    return _first_of_shapes(shapes, places, None)


def _first_of_shapes(shapes: Shapes, places: Sequence[ArrayPlace], turned: bool | None) -> dict[str, ArrayPlace] | None:
    """Give each block the first place of its shape; a bias one whose name says so, if there is any."""
    found: dict[str, ArrayPlace] = {}
    for block, shape in shapes.items():
        free = [place for place in places if place not in found.values() and _is_way(place.shape, shape, turned)]
        said = [place for place in free if _is_bias(place) == (block[0] == "b")]
        if not free or (block[0] == "W" and not said):
            return None
        beside = [place for place in said if block[0] == "b" and place.container == found[f"W{block[1:]}"].container]
        found[block] = (beside or said or free)[0]
    return found


def _is_way(have: tuple[int, ...], want: tuple[int, ...], turned: bool | None) -> bool:
    """Whether an array could hold a block; of a matrix, transposed or not, None for either."""
    if turned is not None and len(have) == len(want) == 2 and have != want[:: -1 if turned else 1]:
        return False
    return fits(have, want)


def _is_bias(place: ArrayPlace) -> bool:
    return _says_bias(place.name) or not (place.shape or ONE_WEIGHT.match(place.name))


def _says_bias(name: str) -> bool:
    return name.lower().startswith(("b", "c", "sesgo", "vies", "intercept")) or "bias" in name.lower()


def fits(have: tuple[int, ...], want: tuple[int, ...]) -> bool:
    """Whether an array of one shape could hold a block of another: as it is, transposed, or with a side of one."""
    if have in (want, want[::-1]):
        return True
    return math.prod(have) == math.prod(want) and (1 in (*want, *have) or len(want) == 1) and len(have) <= 2
