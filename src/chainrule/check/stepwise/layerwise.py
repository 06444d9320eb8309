"""Layer by layer: a wrong gradient read backward, each layer's blocks by the error that the code itself passed back.

Mistakes in different layers do not multiply what has to be searched: once the last layer's blocks tell which error the
code has there, the next layer's are held against everything that could be made of that very error.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.stepwise.layer_fits import Error, Errors, Fit, LayerFits
from chainrule.check.stepwise.pieces import Behind, WrongPart, derivatives, errors, inputs_of, ways_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chainrule.check.edits.program import Blocks, Point, Vector
    from chainrule.check.stepwise.constants import BlockFactor
    from chainrule.check.stepwise.layer_fits import Parts, Rows
    from chainrule.check.stepwise.pieces import StandIn
    from chainrule.network.network import Network

KEPT_WAYS = 3  # of reading the layers so far
KEPT_FOR_TWO = 2  # of which errors with two mistakes are looked at
KEPT_UNKNOWN = 12  # where a layer is all zeros, which tells nothing of its error
PRICE_OF_UNEXPLAINED = 4  # mistakes that a block without a name counts for
MOST_IN_AN_ERROR = 2  # mistakes: those with two are looked at where one is not enough
MOST_FOR_UNKNOWN = 1  # mistakes in an error of which nothing is seen


@dataclass(frozen=True, eq=False)
class Way:
    """A way to read the layers from the last one down to some layer, and that layer's error in it."""

    parts: Parts = ()
    constants: Mapping[str, BlockFactor] = field(default_factory=dict)
    unexplained: tuple[str, ...] = ()
    error: Error | None = None
    lost: bool = False  # whether nothing of the layer was explained: then nothing is known of its error

    @property
    def cost(self) -> int:
        """How many mistakes it needs."""
        return len(set(self.parts)) + PRICE_OF_UNEXPLAINED * len(self.unexplained)


class Layerwise:
    """Reads the gradient of a network at several points, whose forward pass gave these values."""

    def __init__(
        self,
        net: Network,
        points: Sequence[Point],
        values: Sequence[Mapping[str, Any]],
        given: Sequence[Blocks],
        other_activation: int = 0,
        *,
        own: bool = False,
        most: int = MOST_IN_AN_ERROR,
        any_rate: bool = False,
    ) -> None:
        self.net, self.points, self.values, self.given = net, points, values, given
        self.other_activation = other_activation  # the layer that has another one on the way forward
        self.kept = KEPT_WAYS
        self.most = most  # mistakes that one error is looked through for
        self.any_rate = any_rate  # whether blocks are steps of a rate that nobody knows
        self.own = own  # whether points are of one sample each: errors that are not known are then read off

    def ways(self, down_to: int = 1) -> list[Way]:
        """Every way to read the layers from the last one down to this one, those with the fewest mistakes first."""
        ways = [Way()]
        for number in range(len(self.net.layers), down_to - 1, -1):
            longer: list[Way] = []
            for most in range(1, self.most + 1):
                kept = ways[: self.kept if most == 1 else KEPT_FOR_TWO]
                longer = [one for way in kept for one in self._extended(way, number, most)]
                if any(set(self._names(number)).isdisjoint(one.unexplained) for one in longer):
                    break
            zero = all(not blocks[name].any() for blocks in self.given for name in self._names(number))
            self.kept = KEPT_UNKNOWN if zero and number > 1 else KEPT_WAYS
            ways = _best_of(longer, self.kept)
        return ways

    def _names(self, number: int) -> list[str]:
        return [name for name in (f"W{number}", f"b{number}") if name in self.net.shapes]

    def _extended(self, way: Way, number: int, most: int) -> list[Way]:
        """The ways to read one layer more, by an error with so many mistakes at most."""
        may_be = None if way.lost else self._errors(way, number, most)
        if not may_be:
            return [replace(way, unexplained=(*way.unexplained, *self._names(number)))]
        args = (self.net, self.points, self.values, self.given, number, may_be)
        fits = LayerFits(*args, any_rate=self.any_rate)
        found = list(_readings(fits, self._names(number)))
        if self.own and all(set(self._names(number)) <= set(one.unexplained) for one in found):
            found = self._by_own_error(number) or found
        return [
            Way(
                (*way.parts, *(part for part in one.parts if part not in way.parts)),
                {**way.constants, **one.constants},
                (*way.unexplained, *one.unexplained),
                one.error,
                one.lost,
            )
            for one in found
        ]

    def _by_own_error(self, number: int) -> list[Way]:
        """The layer by the error that its own gradients show: of one sample dW is a ⊗ δ, and db is δ."""
        bias, symbol = f"b{number}", f"dZ{number}"
        if bias in self.net.shapes and all(blocks[bias].any() for blocks in self.given):
            seen: list[Rows] = [blocks[bias][None, None].astype(np.float64) for blocks in self.given]
        else:
            pieces = zip(*(inputs_of(self.net, values, number) for values in self.values), strict=True)
            errors_by = [
                [_error_by(piece.value, blocks[f"W{number}"]) for piece, blocks in zip(one, self.given, strict=True)]
                for one in pieces
            ]
            seen = [np.stack(at_point).astype(np.float64) for at_point in zip(*errors_by, strict=True)]
        own = Errors([()] * len(seen[0]), seen, seen)
        fits = LayerFits(self.net, self.points, self.values, self.given, number, own)
        found = sorted(fits.of_weights(), key=lambda fit: len(fit.parts))
        return [Way(fit.parts, {}, (symbol,), own.one(fit.error)) for fit in found[:1]]

    def _errors(self, way: Way, number: int, most: int) -> Errors:
        """The errors that the layer may have, with so many mistakes in them, each once."""
        with np.errstate(all="ignore"):
            if way.error is None:
                return self._at_the_top(most).each_once()
            return self._of_error(way, way.error, number, most).each_once()

    def _at_the_top(self, most: int) -> Errors:
        """Every error of the last layer: of something, by some derivative of the output."""
        number = len(self.net.layers)
        tops = [errors(self.net, values) for values in self.values]
        slopes = self._derivatives(number)
        told = _told_at_the_top(self.net, tuple(map(_named, tops[0])), tuple(map(_named, slopes[0])), most)
        dA = [np.stack([one.value for one in top]) / at.N for top, at in zip(tops, self.points, strict=True)]
        return _through(dA, slopes, told)

    def _of_error(self, way: Way, error: Error, number: int, most: int) -> Errors:
        """Every error of a hidden layer that can be made of the one behind it."""
        constant = way.constants.get(f"W{number + 1}")
        scale = constant.value if constant else 1.0
        made = []
        for k, values in enumerate(self.values):
            behind = Behind(error.dZ[k], error.dA[k], self.given[k], self.points[k].rate, scale)
            made.append(ways_back(self.net, values, number + 1, behind))
        slopes = self._derivatives(number)

        told: list[dict[int, Parts]] = []
        for j, by in enumerate(slopes[0]):
            alone = most == 1 and by.kind and j != MISSING
            may = [(i, _parts_of(*one, by, number)) for i, one in enumerate(made[0]) if not (alone and one[0].kind)]
            told.append({i: parts for i, parts in may if len(parts) <= most})
        return _through([np.stack([one.value for one, _ in at_point]) for at_point in made], slopes, told)

    def _derivatives(self, number: int) -> list[list[StandIn]]:
        other = number == self.other_activation
        return [derivatives(self.net, values, number, as_activation=other) for values in self.values]


MISSING = 1  # the number of "no derivative at all" among those that may stand there


def _through(dA: Sequence[Rows], slopes: Sequence[Sequence[StandIn]], told: Sequence[Mapping[int, Parts]]) -> Errors:
    """Every dA by every derivative, where these may stand together: ``told`` says by which, as what mistakes.

    The right dA comes first, by every derivative: an unusual error that gives the same numbers comes after it.
    """
    parts: list[Parts] = []
    numbers: list[int] = []
    passed: tuple[list[list[Rows]], ...] = ([[] for _ in dA], [[] for _ in dA])
    for j, both in enumerate(told):
        if both:
            parts += both.values()
            numbers += both
            for k, stack in enumerate(dA):
                passed[0][k].append(slopes[k][j].value(stack[list(both)]))
                passed[1][k].append(stack[list(both)])
    order = np.argsort(numbers, kind="stable")
    dZ, before = ([np.concatenate(stacks)[order] for stacks in some] for some in passed)
    return Errors([parts[m] for m in order.tolist()], dZ, before)


def _named(one: StandIn) -> tuple[str, str]:
    return one.kind, one.reads


@lru_cache(maxsize=32)
def _told_at_the_top(
    net: Network, tops: tuple[tuple[str, str], ...], slopes: tuple[tuple[str, str], ...], most: int
) -> tuple[dict[int, Parts], ...]:
    """What mistakes an error and a derivative are together, for each derivative by the error's number."""
    symbol, number = f"dZ{len(net.layers)}", len(net.layers)
    told: list[dict[int, Parts]] = []
    for kind, by in slopes:
        told.append({})
        for i, (error, reads) in enumerate(tops):
            kinds = _kinds_at_the_top(net, error, reads, kind)
            if len(kinds) <= most:
                told[-1][i] = tuple(WrongPart(one, number, symbol, f"{reads} by {by}") for one in kinds)
    return tuple(told)


def _parts_of(back: StandIn, told_of: int, by: StandIn, number: int) -> Parts:
    """The mistakes of a hidden layer's error: a copied error without its derivative is one."""
    parts = [WrongPart(back.kind, told_of, f"dA{number}", back.reads)] if back.kind else []
    if by.kind and not (back.kind == "wrong-error" and by.kind == "derivative-missing"):
        parts.append(WrongPart(by.kind, number, f"dZ{number}", by.reads))
    return tuple(parts)


def _kinds_at_the_top(net: Network, kind: str, reads: str, derivative: str) -> tuple[str, ...]:
    """What an error by a derivative of the output is called: for some losses Y − T is all, for others it is not."""
    without = derivative == "derivative-missing"
    if net.fused is not None and reads == "Y − T":
        return () if without else ("output-derivative-extra",)
    named = "output-derivative-missing" if without else derivative
    if kind and net.fused is not None and without:
        return (kind,)
    return tuple(one for one in (kind, named) if one)


def _best_of(ways: list[Way], count: int) -> list[Way]:
    """The ways with the fewest mistakes, one for each error."""
    found: dict[tuple[int, Parts], Way] = {}
    for way in sorted(ways, key=lambda one: one.cost):
        found.setdefault((id(way.error), way.parts), way)
    return list(found.values())[:count]


# --- one layer --------------------------------------------------------------------------------------------------------


def _readings(fits: LayerFits, names: Sequence[str]) -> Iterator[Way]:
    """The ways to read one layer's blocks: by one error, by two, or as far as they can be read."""
    W, b = names[0], names[1] if len(names) > 1 else ""
    zero = {name for name in names if fits.is_zero(name)}
    of_W = _cheapest([] if W in zero else fits.of_weights())
    of_b = _cheapest([] if b in zero or not b else fits.of_bias())
    if zero == set(names):
        yield from _of_nothing(fits)
        return
    single: Parts = ()
    if W in zero:
        single = (WrongPart("gradient-zero", fits.number, f"d{W}"),)
    elif b in zero:
        single = (WrongPart("bias-missing", fits.number, f"d{b}"),)
    if single or not b:
        name, some = (b, of_b) if W in zero else (W, of_W)
        yield from (_way(fits, {name: fit}, single) for fit in some.values())
        if not some:
            yield Way(single, {}, (name,), fits.errors.one(0), lost=True)
        return
    by_one = [_way(fits, {W: of_W[m], b: of_b[m]}) for m in of_W.keys() & of_b.keys()]
    fewest = min((one.cost for one in by_one), default=np.inf)
    yield from by_one
    yield from (one for one in _by_two_errors(fits, W, b, of_W, of_b) if one.cost < fewest)


def _cheapest(found: Sequence[Fit]) -> dict[int, Fit]:
    """The fit with the fewest mistakes for each error."""
    best: dict[int, Fit] = {}
    for fit in sorted(found, key=lambda one: len(one.parts)):
        best.setdefault(fit.error, fit)
    return best


def _of_nothing(fits: LayerFits) -> Iterator[Way]:
    """A layer that is all zeros: what its error was is not seen."""
    part = WrongPart("gradient-zero", fits.number, f"dZ{fits.number}")
    for m, parts in enumerate(fits.errors.parts):
        if len(parts) <= MOST_FOR_UNKNOWN:
            yield Way((*parts, part), {}, (), fits.errors.one(m))


def _by_two_errors(fits: LayerFits, W: str, b: str, of_W: dict[int, Fit], of_b: dict[int, Fit]) -> Iterator[Way]:
    """One error in dW and another in db, either of which may go on; a block that no error explains is left out."""
    firsts = [_first(fits, of_W), _first(fits, of_b)]
    if firsts[0] is not None and firsts[1] is not None:
        for error in (firsts[0].error, firsts[1].error):
            yield replace(_way(fits, {W: firsts[0], b: firsts[1]}), error=fits.errors.one(error))
        return
    for name, other, fit in ((W, b, firsts[0]), (b, W, firsts[1])):
        if fit is not None:
            yield replace(_way(fits, {name: fit}), unexplained=(other,))
    if firsts == [None, None]:
        yield Way((), {}, (W, b), fits.errors.one(0), lost=True)


def _first(fits: LayerFits, found: dict[int, Fit]) -> Fit | None:
    return min(found.values(), key=lambda fit: len({*fits.errors.parts[fit.error], *fit.parts}), default=None)


def _way(fits: LayerFits, found: Mapping[str, Fit], more: Parts = ()) -> Way:
    """The way in which these fits read a layer; the error of the last one goes on."""
    parts = dict.fromkeys(part for fit in found.values() for part in (*fits.errors.parts[fit.error], *fit.parts))
    error = fits.errors.one(list(found.values())[-1].error)
    return Way((*parts, *more), {name: fit.constant for name, fit in found.items()}, (), error)


def _error_by(a: Vector, dW: Vector) -> Vector:
    """The δ of dW = a ⊗ δ, where a is that of one sample."""
    result: Vector = a @ dW / max(float((a * a).sum()), 1e-300)
    return result


def finite(given: Sequence[Blocks]) -> bool:
    """Whether all blocks hold numbers."""
    blocks: list[Vector] = [block for one in given for block in one.values()]
    return all(np.isfinite(block).all() for block in blocks)
