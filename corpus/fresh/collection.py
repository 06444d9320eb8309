"""The fresh collection: its students, the seed of its pairs, and those that say nothing."""

from __future__ import annotations

from corpus.collection import Collection
from corpus.fresh.programs import STUDENTS

LEFT_OUT: frozenset[tuple[str, int, int]] = frozenset(
    {
        ("steps", 9, 23), ("recur", 6, 8), ("units", 10, 36), ("modules", 22, 27), ("onehot", 13, 25),
        ("rowdicts", 17, 29),
    }
)  # fmt: skip
COLLECTION = Collection(STUDENTS, 20261121, LEFT_OUT)
