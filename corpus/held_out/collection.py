"""The held-out collection: its students, the seed of its pairs, and those that say nothing."""

from __future__ import annotations

from corpus.collection import Collection
from corpus.held_out.programs import STUDENTS

LEFT_OUT: frozenset[tuple[str, int, int]] = frozenset(
    {
        ("lists", 12, 17), ("lists", 5, 17), ("planar", 7, 9), ("digit", 9, 25), ("digit", 9, 10), ("digit", 14, 15),
        ("packed", 9, 24), ("packed", 4, 24), ("logit", 9, 21), ("neurons", 16, 23), ("neurons", 21, 23),
        ("colsoft", 18, 38), ("digit", 13, 14), ("lmodel", 10, 27), ("lmodel", 17, 27), ("namedstep", 6, 7),
        ("neurons", 7, 23), ("neurons", 4, 7), ("neurons", 5, 7), ("houses", 4, 6), ("houses", 4, 7), ("octave", 5, 24),
    }
)  # fmt: skip
COLLECTION = Collection(STUDENTS, 20240229, LEFT_OUT)
