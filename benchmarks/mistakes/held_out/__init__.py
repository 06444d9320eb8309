"""Held-out mistakes: a second corpus, written by somebody who had not seen how the checker works.

Its cases are those of ``benchmarks.mistakes`` in form and not in text: other students, other habits, other slips.

>>> from benchmarks.mistakes.held_out import cases
>>> len(cases("right")) >= 40
True
"""

from __future__ import annotations

from benchmarks.mistakes.held_out.corpus import COLLECTION
from benchmarks.mistakes.held_out.kinds import KINDS, OWN

cases = COLLECTION.cases

__all__ = ["COLLECTION", "KINDS", "OWN", "cases"]
