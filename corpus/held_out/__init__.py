"""Held-out mistakes: a second corpus, written by somebody who had not seen how the checker works.

Its cases are those of ``corpus`` in form and not in text: other students, other habits, other slips.

>>> from corpus.held_out import cases
>>> len(cases("right")) >= 40
True
"""

from __future__ import annotations

from corpus.held_out.collection import COLLECTION
from corpus.held_out.kinds import KINDS, OWN

cases = COLLECTION.cases

__all__ = ["COLLECTION", "KINDS", "OWN", "cases"]
