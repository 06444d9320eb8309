"""Alignment: which layer of one network is which of another, and what the symbols of one are called in the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    old, new = before.layers, now.layers

    @cache
    def best(i: int, j: int) -> tuple[float, tuple[tuple[int | None, int | None], ...]]:
        """Cost and pairs of the first i hidden layers of before and the first j of now."""
        ways = []
        if i and j:
            cost, pairs = best(i - 1, j - 1)
            ways.append((cost + _difference(old[i - 1], new[j - 1]), (*pairs, (i, j))))
        if j:
            cost, pairs = best(i, j - 1)
            ways.append((cost + 1.5, (*pairs, (None, j))))
        if i:
            cost, pairs = best(i - 1, j)
            ways.append((cost + 1.5, (*pairs, (i, None))))
        return min(ways, key=_later_gaps) if ways else (0.0, ())

    _, pairs = best(len(old) - 1, len(new) - 1)
    return Alignment((*pairs, (len(old), len(new))))


def _difference(old: Dense, new: Dense) -> float:
    """How much of a layer is another: units, activation, bias, dropout."""
    kinds = ("n_outputs", "activation", "bias", "dropout")
    return sum(0.5 for kind in kinds if getattr(old, kind) != getattr(new, kind))


def _later_gaps(way: tuple[float, tuple[tuple[int | None, int | None], ...]]) -> tuple[float, int]:
    """Order ways by their cost, then by how early the layers that stay come: what is new comes behind them."""
    cost, pairs = way
    return cost, sum(place for place, pair in enumerate(pairs) if None not in pair)
