"""Observed parameters: which of the values that move while a program trains may be the network's, block by block.

Nothing is decided here: what is named and shaped like weights comes first, and a step must prove it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations, islice, pairwise, product
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from chainrule.check.names import role_of
from chainrule.check.parameter_places import GRADIENT, OF_OPTIMIZER
from chainrule.check.returned_values import all_readings, flat_by_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from chainrule.check.edits.program import Vector
    from chainrule.check.observed_values import Arrays
    from chainrule.network.network import Network

    Ids: TypeAlias = npt.NDArray[np.intp]

MOST_OF_A_BLOCK = 24
MOST_OF_A_LAYER = 14
MOST_GUESSES = 24
OF_KIND, OF_HOME = 0.8, 1.5  # how much more is doubted where layers are kept in other ways, and elsewhere
MOST_DOUBT = 4.0  # more than that of the likeliest
MOST_WHOLE = 12  # ways to cut one array of all parameters
SAYS_WEIGHTS = re.compile(
    r"(?i)(^|_)(w|weight|theta|syn|coef|beta|peso|gewicht|poids|matri)|weight|gewicht|synap|[a-z]W\d*$|^W"
)
SAYS_BIAS = re.compile(
    r"(?i)(^|_)(b|bias|intercept|thresh|offset|schwell|sesgo|biais)(_|#|\d|$|es)|bias|thresh|[a-z]B\d*$"
)
ACROSS = re.compile(r"\[[*+]\]\[\d+\]")  # the units of one place in all layers
PARTS = re.compile(r"\[[^\]]*\]|\{\*\}|\.?[^\[\].{]+")
PREFIX = re.compile(r"^(d_?|grad(ient)?s?_?|g_?|nabla_?|delta_?)(?=[a-zA-Z])")
SAY_NOTHING = ("data", "value", "val", "values", "array")  # of what holds one array
NOT_PARAMETERS = ("X", "T", "Y", "error", "rate", "once", "count", "cache", "l2")


@dataclass(frozen=True, eq=False)
class Guess:
    """Where each block of the parameters stands: an array's path, and the places of the entries in it."""

    places: dict[str, tuple[str, Ids]]
    doubt: float = 0.0

    def theta(self, values: Arrays) -> Vector:
        """All parameters at a look, in the network's order."""
        return np.concatenate([values[path].ravel()[ids.ravel()] for path, ids in self.places.values()])

    def is_in(self, values: Arrays) -> bool:
        """Whether a look holds all of them."""
        return all(path in values and values[path].size > ids.max() for path, ids in self.places.values())

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the arrays, each once."""
        return tuple(dict.fromkeys(path for path, _ in self.places.values()))


def guesses_among(net: Network, moving: Arrays) -> list[Guess]:
    """What may be the parameters, block by block, among arrays that move: the most likely first."""
    found = list(_whole(net, moving))
    layers = [_of_layer(net, number, moving) for number in range(1, len(net.layers) + 1)]
    together = [_joined(net, some) for some in product(*layers)]
    found += [one for one in together if one is not None]
    found.sort(key=lambda one: one.doubt)
    return [one for one in found if one.doubt <= found[0].doubt + MOST_DOUBT][:MOST_GUESSES]


@lru_cache(maxsize=4096)
def last_word(path: str) -> str:
    """The last name of a path that says something, without places in lists: w of layers[0].w.data."""
    words = [one for one in re.sub(r"\[[\d*]+\]|\{\*\}", "", path).split(".") if one and not one.isdigit()]
    while len(words) > 1 and words[-1] in SAY_NOTHING and words[-2] != "self":
        words.pop()
    return words[-1] if words else ""


@lru_cache(maxsize=4096)
def is_of_gradient(path: str) -> bool:
    """Whether a name says that it is a gradient, or an optimizer's memory."""
    return bool(GRADIENT.match(last_word(path)) or OF_OPTIMIZER.match(path))


@lru_cache(maxsize=4096)
def _doubt(path: str, letter: str) -> float:
    """How little a name says that it is a weight's, or a bias's."""
    name = re.sub(PREFIX, "", last_word(path)) or last_word(path)
    says = (SAYS_WEIGHTS if letter == "W" else SAYS_BIAS).search(name.strip("_"))
    other = (SAYS_BIAS if letter == "W" else SAYS_WEIGHTS).search(name.strip("_"))
    doubt = 0.0 if says else 2.0 if other else 1.0
    doubt += 0.4 * max(0, len(re.findall(r"[.\[]", path)) - 3)
    doubt += 3.0 * is_of_gradient(path) + 2.0 * (ACROSS.search(path) is not None)
    return doubt + (1.0 if not says and role_of(name) in NOT_PARAMETERS else 0.0)


def _as_block(ids: Ids, shape: tuple[int, ...]) -> Iterator[Ids]:
    """Every way to see an array as a block of this shape: as it is, and the other way around."""
    core = ids.squeeze()
    wanted = tuple(one for one in shape if one > 1)
    if core.shape == wanted:
        yield core.reshape(shape)
    if len(wanted) == 2 and core.shape == wanted[::-1]:
        yield core.T.reshape(shape)


def _ids(array: Vector) -> Ids:
    return np.arange(array.size).reshape(array.shape)


def _of_layer(net: Network, number: int, moving: Arrays) -> list[Guess]:
    """What may be the weights and the biases of a layer: two arrays, or one of both."""
    shape, bias = net.shapes[f"W{number}"], net.layers[number - 1].bias
    weights = _of_block(f"W{number}", shape, moving)
    biases = _of_block(f"b{number}", shape[1:], moving) if bias else [Guess({})]
    found = [
        Guess(W.places | b.places, W.doubt + b.doubt + OF_HOME * (len({_home(one) for one in W.paths + b.paths}) - 1))
        for W, b in product(weights, biases)
        if bias == bool(b.places) and not any(_share(one, other) for one, other in product(W.paths, b.paths))
    ]
    if bias:
        found += list(_stacks(number, shape, moving))
    return sorted(found, key=lambda one: one.doubt)[:MOST_OF_A_LAYER]


def _of_block(name: str, shape: tuple[int, ...], moving: Arrays) -> list[Guess]:
    found = [
        Guess({name: (path, ids)}, _doubt(path, name[0]) + 0.1 * turned)
        for path, array in moving.items()
        for turned, ids in enumerate(_as_block(_ids(array), shape))
    ]
    return sorted(found, key=lambda one: one.doubt)[:MOST_OF_A_BLOCK]


def _stacks(number: int, shape: tuple[int, ...], moving: Arrays) -> Iterator[Guess]:
    """Matrices [W; b], the bias first or last."""
    for path, array in moving.items():
        for ids in _as_block(_ids(array), (shape[0] + 1, shape[1])):
            for W, b in ((ids[:-1], ids[-1]), (ids[1:], ids[0])):
                yield Guess({f"W{number}": (path, W), f"b{number}": (path, b)}, _doubt(path, "W"))


def _home(path: str) -> str:
    """What holds an array: the object, its place where it is one of a list, "" where it has a name of its own."""
    if place := re.fullmatch(r"\w+(\[\d+\])", path):
        return place[1]
    root = re.split(r"[\[.{]", path)[0]
    return "" if root == path else root


@lru_cache(maxsize=8192)
def _share(one: str, other: str) -> bool:
    """Whether arrays have entries in common, by their paths: units[*].bias and units[0].bias, W and W[1]."""
    parts = zip(PARTS.findall(one), PARTS.findall(other), strict=False)
    return all(a == b or ("[" in (a[0], b[0]) and {a[1:2], b[1:2]} & {"*", "+"}) for a, b in parts)


def _pattern(path: str) -> str:
    return re.sub(r"\d+", "0", path)


def _joined(net: Network, layers: Sequence[Guess]) -> Guess | None:
    """The layers' parameters together: no array stands for two, and what is named alike is likelier."""
    paths = [path for one in layers for path in one.paths]
    if any(_share(one, other) for one, other in combinations(paths, 2)):
        return None
    places = {name: place for one in layers for name, place in one.places.items()}
    kinds = [{_pattern(place[0]) for name, place in places.items() if name[0] == letter} for letter in "Wb"]
    homes = {_home(path) for path in paths}
    numbers = [[int(n) for n in re.findall(r"\d+", one.places[f"W{k}"][0])] for k, one in enumerate(layers, start=1)]
    disorder = any(a > b for a, b in pairwise(numbers) if len(a) == len(b))
    doubt = sum(one.doubt for one in layers) + 0.5 * disorder
    doubt += OF_KIND * sum(len(one) - 1 for one in kinds if one) + OF_HOME * (len(homes) - 1)
    return Guess({name: places[name] for name in net.shapes}, doubt)


def _whole(net: Network, moving: Arrays) -> Iterator[Guess]:
    """One array of all parameters, in every usual order; and numbers with names of their own, w1, w2, …, b1, …."""
    for path, array in moving.items():
        if array.size == net.n_parameters and array.squeeze().ndim == 1 and array.size > 1:
            flat = _ids(array).ravel().astype(np.float64)
            for blocks in chain(islice(all_readings(net, [(None, flat)]), MOST_WHOLE), flat_by_units(net, flat)):
                yield Guess({name: (path, blocks[name].astype(np.intp)) for name in net.shapes}, _doubt(path, "W"))
    counted = {path: array for path, array in moving.items() if path.endswith("#")}
    weights = [(path, one) for path, one in counted.items() if one.size == _count(net, "W")]
    biases = [(path, one) for path, one in counted.items() if one.size == _count(net, "b")] or [("", np.zeros(0))]
    if len(net.layers) > 1:
        for (W, _), (b, _), by_unit in product(weights, biases, (True, False)):
            if b != W and bool(b) == bool(_count(net, "b")):
                places = _cut(net, W, "W", by_unit=by_unit) | _cut(net, b, "b", by_unit=by_unit)
                yield Guess({name: places[name] for name in net.shapes}, _doubt(W, "W") + (_doubt(b, "b") if b else 0))


def _count(net: Network, letter: str) -> int:
    return sum(int(np.prod(shape)) for name, shape in net.shapes.items() if name[0] == letter)


def _cut(net: Network, path: str, letter: str, *, by_unit: bool) -> dict[str, tuple[str, Ids]]:
    """Cut a row of numbers into the blocks of a letter: unit by unit, or input by input."""
    found, at = {}, 0
    for name, shape in net.shapes.items():
        if name[0] == letter:
            part = np.arange(at, at + int(np.prod(shape)))
            at += len(part)
            found[name] = (path, part.reshape(shape[::-1]).T if by_unit else part.reshape(shape))
    return found
