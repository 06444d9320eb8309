"""The fresh corpus: every base and its variants, every single mistake, and random pairs."""

from __future__ import annotations

import random
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from benchmarks.mistakes.base import case
from benchmarks.mistakes.corpus import named
from benchmarks.mistakes.fresh.students import STUDENTS
from benchmarks.mistakes.held_out.corpus import apart

if TYPE_CHECKING:
    from benchmarks.mistakes.base import Base, Edit
    from benchmarks.mistakes.case import Case

Kind = Literal["all", "right", "single", "pair", "unlisted"]
ORDER: tuple[Kind, ...] = ("right", "single", "pair")
PAIRS_OF_A_BASE = 5
SEED = 20261121
LEFT_OUT: frozenset[tuple[str, int, int]] = frozenset(
    {
        ("steps", 9, 23), ("recur", 6, 8), ("units", 10, 36), ("modules", 22, 27), ("onehot", 13, 25),
        ("rowdicts", 17, 29),
    }
)  # fmt: skip
"""Drawn pairs, by the places of their edits, of which one mistake cannot show, that are together one of the
list, or that undo each other: an error with one more derivative is right for a half squared error."""


def pairs(base: Base) -> list[tuple[int, int, Edit, Edit]]:
    """Draw pairs of different kinds that show at any generic point, by a fixed seed; the numbers are their places."""
    edits = [(i, one) for i, one in enumerate(base.edits, start=1) if one.kind != "right" and not one.note]
    possible = [
        (i, j, one, other)
        for (i, one), (j, other) in combinations(edits, 2)
        if one.kind != other.kind and apart(base.source, one, other)
    ]
    drawn = random.Random(f"{SEED} {base.name}")  # noqa: S311 (to choose examples, not to keep secrets)
    drawn.shuffle(possible)
    return [pair for pair in possible if (base.name, *pair[:2]) not in LEFT_OUT][:PAIRS_OF_A_BASE]


@cache
def corpus() -> dict[Kind, tuple[Case, ...]]:
    """Build every case once."""
    groups: dict[Kind, list[Case]] = {kind: [] for kind in ORDER}
    for base in STUDENTS:
        groups["right"].append(case(base))
        for one in base.edits:
            groups["right" if one.kind == "right" else "single"].append(case(base, one))
        groups["pair"] += [case(base, one, other) for _, _, one, other in pairs(base)]
    return {kind: tuple(named(found)) for kind, found in groups.items()}


def cases(kind: Kind | None = None) -> list[Case]:
    """Return the cases of a kind, or all, as ``benchmarks.mistakes.cases`` does; none are unlisted."""
    groups = corpus()
    return [one for group in ORDER if kind in {None, "all", group} for one in groups[group]]
