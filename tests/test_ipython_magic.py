"""%%check runs a cell, checks what it defines last, and shows the report; its errors are sentences."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from tests.check.written import RIGHT, SMALL, sigmoid

from chainrule.errors import InvalidValue
from chainrule.ipython_magic import ShownReport, check_cell, load_ipython_extension


@pytest.fixture(autouse=True)
def without_ipython(monkeypatch):
    """As where there is none, whether there is one here or not: then errors are ours."""
    for name in ("IPython", "IPython.core", "IPython.core.error"):
        monkeypatch.setitem(sys.modules, name, None)


class Ran:
    """What IPython's run_cell returns, as far as we look."""

    def __init__(self, success):
        self.success = success


class Shell:
    """A notebook as far as %%check knows it."""

    def __init__(self, **space):
        self.user_ns = {"np": np, "sigmoid": sigmoid, "net": SMALL, **space}
        self.magics = {}

    def register_magic_function(self, function, magic_kind, magic_name):
        self.magics[magic_kind, magic_name] = function

    def transform_cell(self, cell):
        return cell

    def run_cell(self, cell, store_history):
        try:
            exec(cell, self.user_ns)  # noqa: S102  # as a notebook does
        except Exception:  # it shows whatever it is
            return Ran(success=False)
        return Ran(success=True)


WRONG = RIGHT.replace("db2 = dZ2.sum(axis=0)", "db2 = dZ2.mean(axis=0)")


def check(line, cell=RIGHT, **space):
    shell = Shell(**space)
    load_ipython_extension(shell)
    return shell.magics["cell", "check"](line, cell)


def test_the_last_function_is_checked():
    """The report is shown as text and as HTML, and stays at hand."""
    told = check("net")
    assert isinstance(told, ShownReport)
    assert told.report.ok
    assert repr(told) == str(told.report)
    assert told._repr_html_() == told.report._repr_html_()


def test_what_the_cell_defines_stays():
    """The cell has run in the user's own namespace."""
    shell = Shell()
    check_cell(shell, "net", RIGHT)
    assert callable(shell.user_ns["backprop"])


def test_a_named_student_is_checked():
    """--student names another function than the last."""
    told = check("net --student backprop", WRONG + "\ndef helper(): pass\n")
    assert [one.name for one in told.report.mistakes] == ["bias-mean"]


def test_a_class_is_checked():
    """A class that the cell defines last is the student."""
    with pytest.raises(InvalidValue, match="no array that could be each of W1"):
        check("net", "class Net:\n    def forward(self, X): pass\n    def backward(self, T): pass\n")


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_hint_is_shown_alone(level):
    """--hint shows as much as was asked for."""
    told = check(f"net --hint {level}", WRONG)
    assert repr(told) == told.report.hint(level)
    assert "yours" not in repr(told)
    assert told._repr_html_().startswith("<pre>")


def test_a_cell_that_raises_is_not_checked():
    """The notebook shows the error; there is nothing to add."""
    assert check("net", "1 / 0") is None


REFUSED = {
    "": "Name the variable that holds the network: %%check NETWORK_VARIABLE",
    "nett": "Unknown network 'nett'. Did you mean 'net'?",
    "np": "np must be a Network, got module.",
    "net --hint 4": "Use %%check NETWORK_VARIABLE [--student NAME] [--hint 1|2|3].",
    "net --hin 2": "Use %%check",
    "net 'x": "I cannot read",
    "net --student backpropagation": "The cell ran, and there is no 'backpropagation' now.",
}


@pytest.mark.parametrize("line", REFUSED)
def test_a_bad_line_is_refused_in_a_sentence(line):
    """The sentence says what is missing, and how the line is written."""
    with pytest.raises(InvalidValue) as caught:
        check(line)
    assert REFUSED[line] in str(caught.value)


def test_without_a_network_the_sentence_says_how_one_is_made():
    """Nobody has made a network yet."""
    shell = Shell()
    del shell.user_ns["net"]
    with pytest.raises(InvalidValue, match=r"There is no variable 'model'\. Make the network first: model = Network"):
        check_cell(shell, "model", RIGHT)


def test_a_cell_without_a_function_is_refused():
    """Something must be there to be checked."""
    with pytest.raises(InvalidValue, match="The cell defines no function and no class"):
        check("net", "x = 1")


def test_the_sentence_is_ipythons_usage_error_where_there_is_ipython(monkeypatch):
    """IPython shows a UsageError without a traceback."""
    from types import SimpleNamespace

    class UsageError(Exception):
        """IPython's."""

    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "IPython.core", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "IPython.core.error", SimpleNamespace(UsageError=UsageError))
    with pytest.raises(UsageError, match="Unknown network 'other'"):
        check("other")
