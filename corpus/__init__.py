"""Mistakes: back-propagation as students type it, right and wrong, to hold ``check_backprop`` against.

Nothing here knows how the checker works. A case is a complete source text; wrong ones are edits of right ones.

>>> from corpus import cases
>>> len(cases("right")) >= 40
True
"""

from __future__ import annotations

from corpus.case import Case, Result, changed
from corpus.kinds import KINDS, READINGS
from corpus.texts import TEXTS, cases

__all__ = ["KINDS", "READINGS", "TEXTS", "Case", "Result", "cases", "changed"]
