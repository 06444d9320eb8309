"""A pytest plugin: the fixture ``backprop_check`` holds students' back-propagation against a network.

pytest loads this in every project, so nothing else is imported before somebody asks for the fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.check.backprop_report import BackpropReport
    from chainrule.network.network import Network


@pytest.fixture
def backprop_check() -> Callable[..., BackpropReport]:
    """Return a check ``(student, net, **kw) -> BackpropReport`` that fails the test with the report as its message."""
    return checked


def checked(student: Any, net: Network, **options: Any) -> BackpropReport:
    """Return ``check_backprop``'s report of right code; of wrong code the report is the AssertionError's message.

    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(1, bias=False)], n_features=2, loss="half_squared_error")
    >>> checked(lambda W1, X, T: X.T @ (X @ W1 - T) / len(X), net).verdict
    'right'
    """
    __tracebackhide__ = True  # the trace ends in the test's own line
    from chainrule.check.backprop import check_backprop
    from chainrule.errors import ChainruleError  # NumPy loads when a test asks for a check

    try:
        report = check_backprop(student, net, **options)
        report.assert_correct()
    except (AssertionError, ChainruleError) as error:
        raise error.with_traceback(None) from None
    return report
