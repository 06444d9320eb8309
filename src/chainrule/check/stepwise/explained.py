"""Explained: the reading of a wrong gradient layer by layer, as named mistakes of the derivation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.conventions import Scale, every_edit, program_of
from chainrule.check.edits.program import Edit
from chainrule.check.loss_reading import is_forward
from chainrule.check.search import Explanation, rank
from chainrule.check.stepwise.constants import told_constants
from chainrule.check.stepwise.layerwise import MOST_IN_AN_ERROR, Layerwise, Way, finite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chainrule.check.conventions import Answer
    from chainrule.check.edits.program import Blocks, Point, Vector
    from chainrule.check.stepwise.pieces import WrongPart
    from chainrule.network.network import Network

MOST_PARTS = 5  # mistakes that are told at once
ENOUGH = 3  # mistakes, with which a reading of the right forward pass is not looked behind
MOST_LOOKED_AT = 48  # mistakes of the forward pass with which the last layer is read, at one point
MOST_FORWARD = 4  # of these that may explain the last layer, and are read to the first, at every point
MOST_BESIDE_FORWARD = 1  # mistakes in one layer's error, where the forward pass has one, too
OWN_ERROR = "The error in layer {} is none that I know: of one sample it is ({}), where ({}) is right."
JUDGED_BY_IT = " What comes before it was judged by yours."
ROUNDING = 1e-10  # of the largest entry of all blocks
SHOWN = 3  # entries of an error
OTHERS = 2  # readings of the same numbers that are told beside the first
CERTAIN = {1: 0.9, 2: 0.9}  # how sure a reading is of so many mistakes, where no other fits as well
LESS_CERTAIN = 0.7  # of more
IN_PART = 0.6  # where it leaves blocks open


@dataclass(frozen=True)
class Reading:
    """Mistakes that give the gradient, in a convention, but for blocks that they do not explain."""

    forward: tuple[Edit, ...]
    parts: tuple[WrongPart, ...]
    scale: Scale
    unexplained: tuple[str, ...]

    @property
    def cost(self) -> tuple[int, int]:
        """Blocks without a name first, then how many mistakes."""
        return len(self.unexplained), len(self.forward) + len({(part.kind, part.layer) for part in self.parts})

    @property
    def count(self) -> int:
        """How many mistakes it tells: one kind in several layers is one."""
        return len({*(one.kind for one in self.forward), *(part.kind for part in self.parts)})


@dataclass(frozen=True)
class StepwiseFound:
    """What was found: explanations of equal right, their convention, and the blocks that they leave open.

    ``sure`` says how sure each kind of mistake is: less so where it is not in all explanations, or they are of many.
    """

    explanations: tuple[Explanation, ...]
    scale: Scale
    unexplained: tuple[str, ...]
    sure: Mapping[str, float]
    own_errors: tuple[str, ...] = ()


def read_stepwise(
    net: Network,
    points: Sequence[Point],
    answers: Sequence[Answer],
    tried: Sequence[Scale],
    base: tuple[Edit, ...],
    *,
    outputs_known: bool,
    any_rate: bool = False,
) -> StepwiseFound | None:
    """Read a wrong gradient layer by layer, in the convention with the fewest mistakes; None where nothing is found.

    ``tried`` are the conventions, the one to prefer first. ``base`` is what explains outputs that are wrong; where the
    code does not tell its outputs, a mistake of the forward pass is looked for, too. ``any_rate``: the blocks are
    steps of a rate that nobody knows, and the scale that is found says it.
    """
    given = _blocks_of(net, answers)
    if not given:
        return None
    answers = [replace(one, blocks=blocks) for one, blocks in zip(answers, given, strict=True)]
    tried = () if any_rate else tried
    readings = _with_forward(net, points, answers, tried, base)
    if not outputs_known and not any(one.cost <= (0, ENOUGH) for one in readings):
        readings += _with_any_forward(net, points, answers, tried)
    readings = [one for one in readings if one.count <= MOST_PARTS]
    if not min((one.cost for one in readings), default=(0, 0))[1]:  # blocks without a name beside others that are right
        return None
    return _found(net, readings, tried)


def _with_any_forward(
    net: Network, points: Sequence[Point], answers: Sequence[Answer], tried: Sequence[Scale]
) -> list[Reading]:
    """The readings of all blocks with one mistake of the forward pass: a few of those looked at are read to the end."""
    readings: list[Reading] = []
    looked_at = islice(filter(is_forward, every_edit(net)), MOST_LOOKED_AT)
    may_be = (one for one in looked_at if _explains_last_layer(net, points[:1], answers[:1], (one,)))
    for edit in islice(may_be, MOST_FORWARD):
        if _explains_last_layer(net, points, answers, (edit,)):
            readings += [one for one in _with_forward(net, points, answers, tried, (edit,)) if not one.unexplained]
            if readings:
                break
    return readings


def _explains_last_layer(
    net: Network, points: Sequence[Point], answers: Sequence[Answer], forward: tuple[Edit, ...]
) -> bool:
    """Whether the last layer's gradient has a name where the forward pass has these mistakes."""
    layers = _layers(net, points, answers, forward)
    return layers is not None and any(not way.unexplained for way in layers.ways(down_to=len(net.layers)))


def _layers(
    net: Network,
    points: Sequence[Point],
    answers: Sequence[Answer],
    forward: tuple[Edit, ...],
    *,
    any_rate: bool = False,
) -> Layerwise | None:
    """The layers of a forward pass with these mistakes; None where it does not run."""
    values = [program_of(net, point, Scale()).known(*forward) for point in points]
    known = [one for one in values if one is not None]
    if len(known) < len(points):
        return None
    other = next((one.layer or 0 for one in forward if one.kind == "activation-wrong"), 0)
    given = [answer.blocks for answer in answers]
    most = MOST_BESIDE_FORWARD if forward else MOST_IN_AN_ERROR
    return Layerwise(net, points, known, given, other, most=most, any_rate=any_rate)


def _with_forward(
    net: Network,
    points: Sequence[Point],
    answers: Sequence[Answer],
    tried: Sequence[Scale],
    forward: tuple[Edit, ...],
) -> list[Reading]:
    """The readings where the forward pass has these mistakes."""
    layers = _layers(net, points, answers, forward, any_rate=not tried)
    return [] if layers is None else [one for way in layers.ways() for one in _readings(net, way, tried, forward)]


def read_own_values(
    net: Network, points: Sequence[Point], answers: Sequence[Answer], base: tuple[Edit, ...]
) -> StepwiseFound | None:
    """Read the gradients of single samples, each layer by the error that the code has in the layer behind it.

    An error that is none of those we know has no name, but what is made of it is right or has one. None where nothing
    is made of such an error.
    """
    given, values = _blocks_of(net, answers), [program_of(net, point, Scale()).known(*base) for point in points]
    known = [one for one in values if one is not None]
    if not given or len(known) < len(points):
        return None
    ways = Layerwise(net, points, known, given, own=True).ways()
    ways = [way for way in ways if 0 < len(way.unexplained) < len(net.layers)]
    readings = [one for way in ways for one in _readings(net, way, [Scale()], base) if one.count <= MOST_PARTS]
    found = _found(net, readings, [Scale()])
    if found is None:
        return None
    numbers = [int(name[2:]) for name in found.unexplained if name.startswith("dZ") and f"b{name[2:]}" in net.shapes]
    said = tuple(_own_error(number, given[0][f"b{number}"], known[0][f"dZ{number}"][0]) for number in numbers)
    return replace(found, own_errors=said)


def _own_error(number: int, own: Vector, right: Vector) -> str:
    """Say which error a layer has that has no name, for the first of the samples that were looked at alone."""
    shown = [", ".join(f"{entry:.4g}" for entry in error[:SHOWN]) for error in (own, right)]
    return OWN_ERROR.format(number, *shown) + (JUDGED_BY_IT if number > 1 else "")


def _blocks_of(net: Network, answers: Sequence[Answer]) -> list[Blocks]:
    """The blocks of all answers, 0 where they are mere rounding; none where one is incomplete, or holds no numbers."""
    given = [answer.blocks for answer in answers]
    complete = all(blocks.keys() == net.shapes.keys() for blocks in given) and finite(given)
    shapes = complete and all(blocks[name].shape == net.shapes[name] for blocks in given for name in net.shapes)
    return [_without_rounding(blocks) for blocks in given] if shapes else []


def _without_rounding(blocks: Blocks) -> Blocks:
    """Blocks of which one is 0 where it is so small beside the others that a step's rounding gives it."""
    largest = max(float(np.abs(block).max(initial=0.0)) for block in blocks.values())
    return {name: block * (np.abs(block).max(initial=0.0) > ROUNDING * largest) for name, block in blocks.items()}


def _found(net: Network, readings: Sequence[Reading], tried: Sequence[Scale]) -> StepwiseFound | None:
    """The readings with the fewest mistakes, those in the preferred convention and the most usual first."""
    if not readings:
        return None
    best = min(one.cost for one in readings)
    found = [(Explanation((*one.forward, *edits_of(net, one.parts))), one) for one in readings if one.cost == best]
    found.sort(key=lambda pair: (pair[1].scale not in tried[:1], rank(pair[0])))
    distinct: dict[frozenset[str], Explanation] = {}
    for explanation, _ in found:
        distinct.setdefault(frozenset(explanation.kinds), explanation)
    first = found[0][1]
    most = IN_PART if first.unexplained else CERTAIN.get(first.count, LESS_CERTAIN)
    shares = {kind: sum(kind in kinds for kinds in distinct) / len(distinct) for kind in found[0][0].kinds}
    sure = {kind: round(min(most, share), 2) for kind, share in shares.items()}
    return StepwiseFound(tuple(distinct.values())[: 1 + OTHERS], first.scale, first.unexplained, sure)


def _readings(net: Network, way: Way, tried: Sequence[Scale], forward: tuple[Edit, ...]) -> list[Reading]:
    """A way with its constants told in the conventions that need the fewest, or at the rates that they show.

    Where blocks are left open, none is told but that of one block beside others that are right: it may be the
    convention of all.
    """
    tried = tried or [Scale(abs(one.value), by_n=one.power == 1) for one in way.constants.values() if one.power >= 0]
    told = [(told_constants(net, dict(way.constants), scale), scale) for scale in dict.fromkeys(tried)]
    told = [([one for one in parts if _says(one, way)], scale) for parts, scale in told]
    fewest = min((len(parts) for parts, _ in told), default=0)
    return [
        Reading(forward, tuple(dict.fromkeys([*way.parts, *parts])), scale, way.unexplained)
        for parts, scale in told
        if len(parts) == fewest
    ]


def _says(constant: WrongPart, way: Way) -> bool:
    """Whether a constant is a mistake: not that of the whole gradient, which beside other mistakes is a convention.

    Nor is its direction where a loss stands for an error: a loss has none.
    """
    if way.unexplained:
        return constant.symbol in {f"d{name}" for name in way.constants} and _is_one_of_many(constant, way)
    if constant.symbol != "gradient" or constant.kind == "factor":
        return True
    return constant.kind == "sign" and all(part.kind != "loss-for-derivative" for part in way.parts)


def _is_one_of_many(constant: WrongPart, way: Way) -> bool:
    """Whether a block's constant is its own: all others that were read share another one."""
    others = [one for name, one in way.constants.items() if f"d{name}" != constant.symbol]
    return len(others) > 1 and all(one.same_as(others[0]) for one in others)


def edits_of(net: Network, parts: Sequence[WrongPart]) -> tuple[Edit, ...]:
    """Mistakes as edits that are told, not run: one for each kind and place, or one for all layers."""
    by_kind: dict[str, list[WrongPart]] = {}
    for part in parts:
        same_place = any(part.layer == one.layer for one in by_kind.get(part.kind, ()))
        by_kind.setdefault(part.kind, []).extend([] if same_place else [part])
    return tuple(edit for some in by_kind.values() for edit in _as_edits(net, some))


def _as_edits(net: Network, parts: Sequence[WrongPart]) -> Iterator[Edit]:
    last, layers = len(net.layers), {part.layer for part in parts}
    with_bias = {number for number, layer in enumerate(net.layers, start=1) if layer.bias}
    group = {
        "db": layers == with_bias,
        "dW": len(layers) == last,
        "dZ": layers == set(range(1, last)),
        "dA": layers == set(range(2, last + 1)),
    }
    letters = {part.symbol[:2] for part in parts}
    symbol = next(iter(letters)) if len(letters) == 1 else ""
    if len(parts) > 1 and group.get(symbol):
        yield Edit(parts[0].kind, None, symbol, _nothing(symbol), reads=parts[0].reads)
        return
    for part in parts:
        layer = None if part.symbol == "gradient" else part.layer
        yield Edit(part.kind, layer, part.symbol, _nothing(part.symbol), reads=part.reads)


def _nothing(symbol: str) -> Mapping[str, Any]:
    """A change that leaves a step as it is: it says which line is broken."""
    return {symbol: replace}
