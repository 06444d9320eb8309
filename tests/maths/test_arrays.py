"""Domains: which rows a loss can be asked about."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest

from chainrule.maths.arrays import (
    BETWEEN_MINUS_ONE_AND_ONE,
    DISTRIBUTIONS,
    NONNEGATIVE,
    POSITIVE,
    PROBABILITIES,
    REALS,
    Domain,
    masked_places,
)

ALL = [REALS, NONNEGATIVE, POSITIVE, BETWEEN_MINUS_ONE_AND_ONE, PROBABILITIES, DISTRIBUTIONS]
PROPER_PARTS = {  # domain -> the other domains whose rows are all rows of it
    REALS: [NONNEGATIVE, POSITIVE, BETWEEN_MINUS_ONE_AND_ONE, PROBABILITIES, DISTRIBUTIONS],
    NONNEGATIVE: [POSITIVE, PROBABILITIES],
    POSITIVE: [],
    BETWEEN_MINUS_ONE_AND_ONE: [PROBABILITIES],
    PROBABILITIES: [],
    DISTRIBUTIONS: [],
}


@pytest.mark.parametrize("domain", ALL, ids=lambda domain: domain.name)
def test_domain_contains_itself_and_its_parts(domain):
    """A domain contains itself and exactly the domains whose every row is one of its rows and means the same."""
    assert [other for other in ALL if other is domain or other in PROPER_PARTS[domain]] == [
        other for other in ALL if domain.contains(other)
    ]


def test_bounds_alone_decide_where_rows_are_alike():
    """Between independent domains it is the bounds that decide, equal ones included."""
    narrow, wide = Domain("narrow", -1.0, 1.0), Domain("wide", -1.0, 2.0)

    assert (wide.contains(narrow), narrow.contains(wide), narrow.contains(narrow)) == (True, False, True)


def test_an_array_is_looked_at_while_another_thread_imports_masked_arrays(monkeypatch):
    """The playground's first picture failed in four of twenty-four starts: numpy.ma was there, half imported."""
    monkeypatch.setitem(sys.modules, "numpy.ma", types.ModuleType("numpy.ma"))
    assert masked_places(np.ones(3)).size == 0


def test_masked_places_are_found_in_subclasses_alone():
    """Also of a matrix of nothing masked, and of a subclass that masks nothing."""
    assert masked_places(np.ma.masked_equal([[1, 2], [3, 1]], 1)).tolist() == [[0, 0], [1, 1]]
    assert masked_places(np.ma.ones(2)).size == 0
    assert masked_places(np.ones(2).view(np.recarray)).size == 0
