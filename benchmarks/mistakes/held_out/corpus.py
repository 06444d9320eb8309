"""The held-out corpus: every base and its variants, every single mistake, random pairs, and mistakes of no list."""

from __future__ import annotations

import random
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from benchmarks.mistakes.base import case
from benchmarks.mistakes.corpus import named
from benchmarks.mistakes.held_out.students import STUDENTS

if TYPE_CHECKING:
    from benchmarks.mistakes.base import Base, Edit
    from benchmarks.mistakes.case import Case

Kind = Literal["all", "right", "single", "pair", "unlisted"]
ORDER: tuple[Kind, ...] = ("right", "single", "pair", "unlisted")
PAIRS_OF_A_BASE = 5
SEED = 20240229
LEFT_OUT: frozenset[tuple[str, int, int]] = frozenset(
    {
        ("lists", 12, 17), ("lists", 5, 17), ("planar", 7, 9), ("digit", 9, 25), ("digit", 9, 10), ("digit", 14, 15),
        ("packed", 9, 24), ("packed", 4, 24), ("logit", 9, 21), ("neurons", 16, 23), ("neurons", 21, 23),
        ("colsoft", 18, 38), ("digit", 13, 14), ("lmodel", 10, 27), ("lmodel", 17, 27), ("namedstep", 6, 7),
        ("neurons", 7, 23), ("neurons", 4, 7), ("neurons", 5, 7), ("houses", 4, 6), ("houses", 4, 7), ("octave", 5, 24),
    }
)  # fmt: skip
"""Drawn pairs, by the places of their edits, of which one mistake cannot show, that do not run,
or that are one mistake of the list seen as a whole."""


def spans(source: str, edit: Edit) -> list[tuple[int, int]]:
    """Return where in the base's text the edit types, from and to."""
    found = []
    for old, _, _ in edit.hunks:
        at = source.find(old)
        while at >= 0:
            found.append((at, at + len(old)))
            at = source.find(old, at + 1)
    return found


def apart(source: str, one: Edit, other: Edit) -> bool:
    """Whether two edits touch different text of the base, wherever one or the other is made first."""
    theirs = spans(source, other)
    if any(a < d and c < b for a, b in spans(source, one) for c, d in theirs):
        return False
    try:
        return one(other(source)) == other(one(source))
    except ValueError:
        return False


def pairs(base: Base) -> list[tuple[Edit, Edit]]:
    """Draw pairs of different kinds that show at any generic point, by a fixed seed."""
    source = base.source
    edits = [(i, one) for i, one in enumerate(base.edits, start=1)
             if one.kind != "right" and not one.kind.startswith("unlisted-") and not one.note]  # fmt: skip
    possible = [
        (i, j, one, other)
        for (i, one), (j, other) in combinations(edits, 2)
        if one.kind != other.kind and apart(source, one, other)
    ]
    drawn = random.Random(f"{SEED} {base.name}")  # noqa: S311 (to choose examples, not to keep secrets)
    drawn.shuffle(possible)
    return [(one, other) for i, j, one, other in possible if (base.name, i, j) not in LEFT_OUT][:PAIRS_OF_A_BASE]


def kind_of(edit: Edit) -> Kind:
    """Return the class of the case that one edit makes."""
    if edit.kind == "right":
        return "right"
    return "unlisted" if edit.kind.startswith("unlisted-") else "single"


@cache
def corpus() -> dict[Kind, tuple[Case, ...]]:
    """Build every case once."""
    groups: dict[Kind, list[Case]] = {kind: [] for kind in ORDER}
    for base in STUDENTS:
        groups["right"].append(case(base))
        for one in base.edits:
            groups[kind_of(one)].append(case(base, one))
        groups["pair"] += [case(base, *pair) for pair in pairs(base)]
    return {kind: tuple(named(found)) for kind, found in groups.items()}


def cases(kind: Kind | None = None) -> list[Case]:
    """Return the cases of a kind, or all, as ``benchmarks.mistakes.cases`` does."""
    groups = corpus()
    return [one for group in ORDER if kind in {None, "all", group} for one in groups[group]]
