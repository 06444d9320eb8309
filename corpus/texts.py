"""The corpus: every base, its right variants, every single mistake, chosen pairs, and mistakes of no list."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from corpus import classes, functions
from corpus.base import Base, case

if TYPE_CHECKING:
    from corpus.case import Case

Kind = Literal["all", "right", "single", "pair", "unlisted"]
BASES: dict[str, Base] = {base.name: base for base in (*functions.BASES, *classes.BASES)}
TEXTS = {"S0": "moons/bias-mean@1", "S4": "xorclass/two-losses"}
"""The two texts' own mistakes, by the names of their cases: S0's bias gradient and S4's label-blind loss."""
PAIRS = Path(__file__).parent / "pairs.txt"


def pairs() -> list[tuple[str, int, int]]:
    """Return the chosen pairs: a base and the numbers of two of its edits, the first line's counted as 1."""
    lines = PAIRS.read_text(encoding="utf-8").split("\n")
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return [(name, int(first), int(second)) for name, first, second in rows]


def named(found: list[Case]) -> list[Case]:
    """Number the cases that would have the same name."""
    seen: Counter[str] = Counter()
    result = []
    for one in found:
        seen[one.name] += 1
        result.append(one if seen[one.name] == 1 else replace(one, name=f"{one.name}#{seen[one.name]}"))
    return result


@cache
def corpus() -> dict[str, tuple[Case, ...]]:
    """Build every case once."""
    right, single, unlisted = [], [], []
    for base in BASES.values():
        right.append(case(base))
        for one in base.edits:
            kind = right if one.kind == "right" else unlisted if one.kind.startswith("unlisted-") else single
            kind.append(case(base, one))
    edits = {name: base.edits for name, base in BASES.items()}
    double = [case(BASES[name], edits[name][i - 1], edits[name][j - 1]) for name, i, j in pairs()]
    groups = {"right": right, "single": single, "pair": double, "unlisted": unlisted}
    return {kind: tuple(named(found)) for kind, found in groups.items()}


def cases(kind: Kind = "all") -> list[Case]:
    """Return the cases of a kind.

    ``"right"`` are the bases and their variants in other conventions; ``"single"`` have one mistake of the issue's
    list, ``"pair"`` two, in different places of the same text; ``"unlisted"`` have one that the list does not name.
    """
    groups = corpus()
    if kind == "all":
        return [one for group in groups.values() for one in group]
    return list(groups[kind])
