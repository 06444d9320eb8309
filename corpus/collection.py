"""A collection: bases with their edits, made into cases: right ones, single mistakes, pairs, mistakes of no list."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from corpus.base import case
from corpus.texts import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.base import Base, Edit
    from corpus.case import Case

Kind = Literal["all", "right", "single", "pair", "unlisted"]
ORDER: tuple[Kind, ...] = ("right", "single", "pair", "unlisted")
PAIRS_OF_A_BASE = 5


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


def kind_of(edit: Edit) -> Kind:
    """Return the class of the case that one edit makes."""
    if edit.kind == "right":
        return "right"
    return "unlisted" if edit.kind.startswith("unlisted-") else "single"


@dataclass(frozen=True)
class Collection:
    """Students and what they mistyped.

    Parameters
    ----------
    students : sequence of Base
        The right programs, with their edits.
    seed : int
        Of the pairs that are drawn.
    left_out : frozenset of (name, place, place)
        Drawn pairs, by the places of their edits, that say nothing: one mistake cannot show, they do not run, they undo
        each other, or together they are one of the list.
    """

    students: Sequence[Base]
    seed: int
    left_out: frozenset[tuple[str, int, int]]

    def pairs(self, base: Base) -> list[tuple[Edit, Edit]]:
        """Draw pairs of different kinds that show at any generic point, by the seed."""
        source = base.source
        edits = [(i, one) for i, one in enumerate(base.edits, start=1) if kind_of(one) == "single" and not one.note]
        possible = [
            (i, j, one, other)
            for (i, one), (j, other) in combinations(edits, 2)
            if one.kind != other.kind and apart(source, one, other)
        ]
        drawn = random.Random(f"{self.seed} {base.name}")  # noqa: S311 (to choose examples, not to keep secrets)
        drawn.shuffle(possible)
        kept = [(one, other) for i, j, one, other in possible if (base.name, i, j) not in self.left_out]
        return kept[:PAIRS_OF_A_BASE]

    @cached_property
    def corpus(self) -> dict[Kind, tuple[Case, ...]]:
        """Every case, built once."""
        groups: dict[Kind, list[Case]] = {kind: [] for kind in ORDER}
        for base in self.students:
            groups["right"].append(case(base))
            for one in base.edits:
                groups[kind_of(one)].append(case(base, one))
            groups["pair"] += [case(base, *pair) for pair in self.pairs(base)]
        return {kind: tuple(named(found)) for kind, found in groups.items()}

    def cases(self, kind: Kind | None = None) -> list[Case]:
        """Return the cases of a kind, or all, as ``corpus.cases`` does."""
        return [one for group in ORDER if kind in {None, "all", group} for one in self.corpus[group]]
