"""Alignment: which layer of one network is which of another, and what the symbols of one are called in the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.network.layers import Dense
    from chainrule.network.network import Network

NUMBERED = re.compile(r"(d?)([ZWbADM])(\d+)")


@dataclass(frozen=True)
class Alignment:
    """Pairs (layer before, layer now), counted from 1, in order; None where a layer has gone or is new."""

    pairs: tuple[tuple[int | None, int | None], ...]

    @property
    def numbers(self) -> dict[int, int]:
        """What number each layer that stays has now."""
        return {before: now for before, now in self.pairs if before is not None and now is not None}

    def renamed(self, symbol: str) -> str | None:
        """What a symbol of before is called now; None where its layer has gone.

        >>> Alignment(((1, 1), (None, 2), (2, 3))).renamed("dW2")
        'dW3'
        """
        named = NUMBERED.fullmatch(symbol)
        if named is None or named[3] == "0":  # X, Y, loss, …, and what stands for the inputs
            return symbol
        number = self.numbers.get(int(named[3]))
        return None if number is None else f"{named[1]}{named[2]}{number}"


def align(before: Network, now: Network) -> Alignment:
    """Pair the layers so that least has to be changed, added or taken away; the outputs are always a pair."""
    costs = _Differences(before.layers[:-1], now.layers[:-1])
    rows: list[list[_Way]] = []
    for i in range(len(before.layers)):
        rows.append([])
        for j in range(len(now.layers)):
            rows[i].append(_best(rows, i, j, costs))
    i, j = len(before.layers) - 1, len(now.layers) - 1
    kept: list[tuple[int | None, int | None]] = []
    while i or j:
        old, new = rows[i][j].last
        kept.append((i if old else None, j if new else None))
        i, j = i - old, j - new
    return Alignment((*reversed(kept), (len(before.layers), len(now.layers))))


class _Way(NamedTuple):
    """The cheapest way to pair the first i hidden layers with the first j.

    Ways are ordered by their cost, then by how early the layers that stay come: what is new comes after them.
    """

    cost: float
    places: int  # of the layers that stay, added up
    length: int  # how many pairs there are
    last: tuple[int, int]  # whether the last pair holds a layer of before, and one of now


def _best(rows: list[list[_Way]], i: int, j: int, costs: _Differences) -> _Way:
    """Extend the best candidates to the neighbouring cells by one pair, and return the best of them."""
    candidates = []
    if i and j:
        way = rows[i - 1][j - 1]
        candidates.append(_Way(way.cost + costs(i - 1, j - 1), way.places + way.length, way.length + 1, (1, 1)))
    if j:
        way = rows[i][j - 1]
        candidates.append(_Way(way.cost + 1.5, way.places, way.length + 1, (0, 1)))
    if i:
        way = rows[i - 1][j]
        candidates.append(_Way(way.cost + 1.5, way.places, way.length + 1, (1, 0)))
    return min(candidates, key=lambda way: way[:2]) if candidates else _Way(0.0, 0, 0, (0, 0))


class _Differences:
    """How much of a layer is another: units, activation, bias, dropout; computed once for layers that are alike."""

    def __init__(self, old: Sequence[Dense], new: Sequence[Dense]) -> None:
        kinds: dict[tuple[object, ...], int] = {}
        self.old, self.new = ([kinds.setdefault(_kind(one), len(kinds)) for one in stack] for stack in (old, new))
        self.table = [[0.5 * sum(a != b for a, b in zip(k, m, strict=True)) for m in kinds] for k in kinds]

    def __call__(self, i: int, j: int) -> float:
        return self.table[self.old[i]][self.new[j]]


def _kind(layer: Dense) -> tuple[object, ...]:
    return layer.n_outputs, layer.activation, layer.bias, layer.dropout
