"""Programs with two mistakes or more are read layer by layer: each mistake has its name, and nothing else has."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from tests.check.test_as_people_write import handed_over, network_of

from chainrule import Dense, Network, check_backprop
from chainrule.check.stepwise.constants import BlockFactor, constant_of

TEXT = Path(__file__).with_name("several_mistakes.txt").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^### (.+?) \| (.+?) \| (.+?) \| (.+?)\n(.*?)(?=^### |\Z)", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("name", "call", "words", "kinds", "source"), PROGRAMS, ids=[one[0] for one in PROGRAMS])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_every_mistake_is_named_and_nothing_else(name, call, words, kinds, source):
    """What is told are the mistakes that were made, all of them."""
    report = check_backprop(handed_over(call, source, f"<{name}>"), network_of(words))
    assert {one.name for one in report.mistakes} == set(kinds.split()), str(report)
    assert all(one.confidence >= 0.5 for one in report.mistakes)
    assert not report.clues


NET = Network([Dense(4, "tanh"), Dense(2, "sigmoid")], n_features=3, loss="half_squared_error")
UNKNOWN_ERROR = """
def backprop(W1, b1, W2, b2, X, T):
    n = len(X)
    A = np.tanh(X @ W1 + b1)
    Y = 1 / (1 + np.exp(-(A @ W2 + b2)))
    d2 = np.arctan(3 * (Y - T)) * (1.5 - T) / n
    d1 = HIDDEN
    return X.T @ d1, d1.sum(axis=0), A.T @ d2, d2.sum(axis=0)
"""


@pytest.mark.parametrize(
    ("hidden", "names"),
    [
        ("d2 @ W2.T * (1 - A**2)", []),
        ("d2 @ W2.T * A * (1 - A)", ["derivative-of-other-activation"]),
        ("d2 @ W2.T", ["derivative-missing"]),
        ("(d2 @ (W2 - 0.1 * A.T @ d2).T) * (1 - A**2)", ["updated-weights"]),
        ("np.ones((n, 2)) @ W2.T / n * (1 - A**2)", []),
    ],
)
def test_what_is_made_of_an_error_without_a_name_is_judged_by_that_error(hidden, names):
    """An output error that nobody knows has no name and leaves none wrong: the layer before it is judged by it."""
    code = handed_over("backprop", UNKNOWN_ERROR.replace("HIDDEN", hidden), "<unknown error>")
    report = check_backprop(code, NET)
    assert [one.name for one in report.mistakes] == names, str(report)
    assert report.verdict == "wrong"
    assert report.clues
    assert ("is none that I know: of one sample it is" in str(report)) == ("ones" not in hidden)


def test_the_line_that_the_code_has_is_told():
    """Where a step was read off the code, its own line stands beside the right one."""
    source = PROGRAMS[0][4]
    report = check_backprop(handed_over("step", source, "<own line>"), network_of(PROGRAMS[0][2]))
    lines = {one.name: one.line for one in report.mistakes}
    assert lines["wrong-error"] == "dA1 = dZ2 W2ᵀ; what you have there: Y W2ᵀ"


@pytest.mark.parametrize(
    ("found", "counts", "constant"),
    [
        ([2.0, 2.0], [13, 17], BlockFactor(2.0, 0)),
        ([-13.0, -17.0], [13, 17], BlockFactor(-1.0, 1)),
        ([1 / 13, 1 / 17], [13, 17], BlockFactor(1.0, -1)),
        ([5.0, 5.0], [5, 5], BlockFactor(1.0, 1)),
        ([3.0, 4.0], [13, 17], None),
        ([np.inf, np.inf], [13, 17], None),
    ],
)
def test_constants_are_read_alike_at_all_points(found, counts, constant):
    """One number, or one times a power of N."""
    read = constant_of(found, counts, [])
    assert (read is None) == (constant is None)
    assert read is None or read.same_as(constant)
