"""Mistakes: back-propagation as students type it, right and wrong, to hold ``check_backprop`` against.

Nothing here knows how the checker works. A case is a complete source text; wrong ones are edits of right ones.

>>> from benchmarks.mistakes import cases
>>> len(cases("right")) >= 40
True
"""

from __future__ import annotations

from benchmarks.mistakes.case import Case, Result, changed
from benchmarks.mistakes.corpus import TEXTS, cases
from benchmarks.mistakes.kinds import KINDS, READINGS

__all__ = ["KINDS", "READINGS", "TEXTS", "Case", "Result", "cases", "changed"]
