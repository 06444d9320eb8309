"""Fresh mistakes: a third corpus, written blind to the checker and used for one measurement.

Its cases are those of ``corpus`` in form; the programs, habits and slips are other students'.

>>> from corpus.fresh import cases
>>> len(cases("right")) >= 20
True
"""

from __future__ import annotations

from corpus.fresh.collection import COLLECTION

cases = COLLECTION.cases

__all__ = ["COLLECTION", "cases"]
