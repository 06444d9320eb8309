"""The pytest fixture backprop_check: a failing test shows the report as it is, and nothing of ours."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from tests.check.written import SMALL, names, student

from chainrule import pytest_plugin
from chainrule.errors import InvalidValue

COURSE = """
import numpy as np
import pytest
from chainrule import Dense, Network

def backprop(W1, X, T):
    return X.T @ (X @ W1 - T) / len(X)

def mistaken(W1, X, T):
    return 3 * backprop(W1, X, T)

@pytest.mark.parametrize("student", [backprop, mistaken])
def test_it(backprop_check, student):
    net = Network([Dense(1, bias=False)], 2, "half_squared_error")
    assert backprop_check(student, net).ok
"""


def test_right_code_returns_its_report():
    """The report of right code comes back, so that a test can look at its conventions."""
    assert pytest_plugin.checked(student(), SMALL).ok


def test_wrong_code_raises_the_report():
    """The AssertionError's words are the report."""
    with pytest.raises(AssertionError) as caught:
        pytest_plugin.checked(student(("db1 = dZ1.sum", "db1 = dZ1.mean")), SMALL, l2=0.1)
    assert str(caught.value).startswith("wrong: one mistake found")
    assert "The gradient of the bias in layer 1 is a mean over the samples" in str(caught.value)


def test_what_cannot_be_checked_raises_our_sentence():
    """A sentence about the student stays what it is."""
    with pytest.raises(InvalidValue, match="student must be a function"):
        pytest_plugin.checked(3, SMALL)


def test_a_course_uses_the_fixture(tmp_path):
    """In another project the fixture is there; what fails shows the course's own line, the report, no line of ours."""
    (tmp_path / "test_course.py").write_text(COURSE, encoding="utf-8")
    installed = any(entry.name == "chainrule" for entry in entry_points(group="pytest11"))
    named = [] if installed else ["-p", "chainrule.pytest_plugin"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *named, "test_course.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(Path(pytest_plugin.__file__).parents[1]), "PATH": ""},
    )
    assert "1 failed, 1 passed" in done.stdout
    assert "backprop_check(student, net)" in done.stdout
    assert "Every entry of dW1 is 3 times what it should be." in done.stdout
    assert "raise AssertionError" not in done.stdout


def test_the_plugin_itself_imports_nothing_heavy():
    """NumPy waits until somebody checks: pytest loads the plugin in every project."""
    code = (
        "import sys, pytest; import chainrule.pytest_plugin; "
        "print(sorted({'numpy', 'scipy', 'sklearn', 'matplotlib', 'numba', 'rich', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_conventions_come_back():
    """Sums are told as a convention by the fixture, too."""
    report = pytest_plugin.checked(student((".sum() / N", ".sum()"), ("(Y - T) / N", "Y - T")), SMALL)
    assert (names(report), report.conventions[0]) == ([], "the loss is a sum over the samples")
