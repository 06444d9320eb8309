"""The bar: nothing where nobody watches, and on a terminal only what takes long."""

from __future__ import annotations

import io
import re
import sys
from functools import partial

import numpy as np
import pytest

import chainrule as cr
from chainrule import Dense, Network
from chainrule.training import progress
from chainrule.training.progress import ProgressBar

X, T = cr.datasets.xor_easy()
NET = Network([Dense(2, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
LEARN = [partial(cr.train, max_epochs=30), partial(cr.minimize, max_iterations=30)]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True

    @property
    def text(self):
        """What was written, without the codes that move the cursor and set colours."""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.getvalue())


class Clock:
    """A clock that moves a second whenever it is looked at."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        self.now += 1.0
        return self.now


@pytest.fixture
def watch(monkeypatch):
    """Return what makes standard error a terminal, wide enough, on which a second passes at each look."""

    def start_watching():
        for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "120")
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)  # not before the test runs: pytest sets it between its phases
        monkeypatch.setattr(progress, "time", Clock())
        return terminal

    return start_watching


def test_no_bar_without_a_terminal(capsys, monkeypatch):
    """Into a file or a pipe nothing is written, however long it takes."""
    monkeypatch.setattr(progress, "PATIENCE", 0.0)

    cr.train(NET, X, T, max_epochs=50)
    cr.minimize(NET, X, T, max_iterations=50)

    assert capsys.readouterr() == ("", "")


def test_no_bar_where_there_is_no_standard_error(monkeypatch):
    """A program without a console, whose standard error is None, trains like any other."""
    monkeypatch.setattr(sys, "stderr", None)

    assert cr.train(NET, X, T, max_epochs=2).status == "max_epochs"


def test_bar_waits_its_patience(watch):
    """For two seconds nothing is shown; after them the bar is."""
    watch()
    seen = []
    with ProgressBar("training", total=10) as bar:
        for done in range(3):
            bar.show(done, lambda: "note")
            seen.append(bar.visible)

    assert seen == [False, True, True]


def test_run_shorter_than_its_patience_shows_nothing(watch, monkeypatch):
    """What is done before two seconds are over leaves no trace."""
    terminal = watch()
    monkeypatch.setattr(progress, "PATIENCE", 1e9)

    cr.train(NET, X, T, max_epochs=50)

    assert terminal.getvalue() == ""


@pytest.mark.parametrize("learn", LEARN, ids=["train", "minimize"])
def test_bar_shows_loss_and_accuracy(learn, watch):
    """The bar says what is done, how many epochs of how many, the loss and the accuracy."""
    terminal = watch()
    run = learn(NET, X, T, random_state=0)

    assert re.search(r"(training|L-BFGS-B) .*\d+/30 loss 0\.\d{5} accuracy [01]\.\d\d", terminal.text)
    assert run.epochs > 2


def test_bar_of_a_regression_shows_the_loss_alone(watch):
    """Where targets are no classes there is no accuracy to show."""
    terminal = watch()
    cr.train(Network([Dense(1)], n_features=2), X, X[:, 0] * 0.3, max_epochs=10, random_state=0)

    assert re.search(r"loss \d\.\d{5}", terminal.text)
    assert "accuracy" not in terminal.text


def test_bar_disappears_at_the_end(watch):
    """The line is erased and the cursor shown again: the terminal is as it was."""
    terminal = watch()
    with ProgressBar("training", total=10) as bar:
        for done in range(5):
            bar.show(done, lambda: "note")
        assert not terminal.getvalue().endswith("\x1b[2K")

    assert terminal.getvalue().endswith("\x1b[2K")
    assert terminal.getvalue().count("\x1b[?25l") == terminal.getvalue().count("\x1b[?25h") == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_bar_disappears_when_something_is_raised(error, watch):
    """Whatever leaves the block, the cursor comes back."""
    terminal = watch()

    def work():
        with ProgressBar("training", total=10) as bar:
            for done in range(5):
                bar.show(done, lambda: "note")
            raise error

    with pytest.raises(error):
        work()

    assert terminal.getvalue().endswith("\x1b[2K")


@pytest.mark.parametrize("learn", LEARN, ids=["train", "minimize"])
def test_bar_can_be_switched_off(learn, watch):
    """progress=False shows nothing on any terminal."""
    terminal = watch()
    learn(NET, X, T, progress=False)

    assert terminal.getvalue() == ""


def test_bar_changes_no_number(watch):
    """A run that is watched is the run that is not."""
    terminal = watch()
    watched, alone = (cr.train(NET, X, T, max_epochs=30, random_state=0, progress=shown) for shown in (True, False))

    assert terminal.getvalue()
    np.testing.assert_array_equal(alone.theta, watched.theta)


def test_description_is_asked_for_only_when_shown(watch, monkeypatch):
    """Between two looks the accuracy is not computed."""
    watch()
    monkeypatch.setattr(progress, "REFRESH", 5.0)
    asked = []
    with ProgressBar("training", total=100) as bar:
        for done in range(20):
            bar.show(done, lambda done=done: asked.append(done) or "note")

    assert asked == [1, 6, 11, 16]


@pytest.mark.parametrize("visible", [False, True])
@pytest.mark.parametrize("stdout", [io.StringIO, Terminal])
def test_print_goes_to_standard_output(stdout, visible, watch, monkeypatch):
    """A line is printed to standard output, whole, whether a bar is on the screen or not, and the bar stays."""
    terminal = watch()
    out = stdout()
    monkeypatch.setattr(sys, "stdout", out)
    with ProgressBar("training", total=10) as bar:
        for done in range(5 if visible else 0):
            bar.show(done, lambda: "note")
        bar.print("one line")
        bar.print("another")
        assert visible == bar.visible
        bar.show(7, lambda: "later")

    assert out.getvalue() == "one line\nanother\n"
    assert "one line" not in terminal.text
    assert terminal.getvalue() == "" or terminal.getvalue().endswith("\x1b[2K")
