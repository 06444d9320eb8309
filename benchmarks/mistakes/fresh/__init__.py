"""Fresh mistakes: a third corpus, written blind to the checker and used for one measurement.

Its cases are those of ``benchmarks.mistakes`` in form; the programs, habits and slips are other students'.

>>> from benchmarks.mistakes.fresh import cases
>>> len(cases("right")) >= 20
True
"""

from __future__ import annotations

from benchmarks.mistakes.fresh.corpus import COLLECTION

cases = COLLECTION.cases

__all__ = ["COLLECTION", "cases"]
