"""Domains: which rows a loss can be asked about."""

from __future__ import annotations

import pytest

from chainrule.maths.arrays import (
    BETWEEN_MINUS_ONE_AND_ONE,
    DISTRIBUTIONS,
    NONNEGATIVE,
    POSITIVE,
    PROBABILITIES,
    REALS,
    Domain,
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
