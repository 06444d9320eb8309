"""A check leaves the process as it was: whatever a script sets, prints or asks for."""

from __future__ import annotations

import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from chainrule import Dense, Network, check_backprop


def _state():
    return (
        sys.argv,
        list(sys.path),
        Path.cwd(),
        dict(os.environ),
        np.geterr(),
        np.get_printoptions()["precision"],
        random.getstate(),
        str(np.random.get_state()),
        sys.getrecursionlimit(),
    )


def backprop(W1, b1, X, T):
    print("step")  # noqa: T201 - what a student may do
    sys.argv = ["other"]
    sys.path.append("nowhere")
    os.chdir("/")
    os.environ["CHAINRULE_SET_BY_A_STUDENT"] = "1"
    np.set_printoptions(precision=2)
    random.random()  # noqa: S311 - the same
    np.random.rand()
    sys.setrecursionlimit(4321)
    Y = 1 / (1 + np.exp(-(X @ W1 + b1)))
    d = (Y - T) / len(X)
    return X.T @ d, d.sum(axis=0)


def test_what_code_changes_is_put_back_and_what_it_prints_is_not_shown(capsys):
    before = _state()
    report = check_backprop(backprop, Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss"))
    assert report.verdict == "right", str(report)
    assert _state() == before
    assert capsys.readouterr().out == ""


def test_checks_in_several_threads_leave_the_process_as_it_was():
    """One waits for the other: what is printed afterwards is shown, and both say the same."""
    net, before = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss"), _state()
    shown = sys.stdout
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: check_backprop(backprop, net), range(8)))
    assert {str(one) for one in reports} == {str(reports[0])}
    assert reports[0].verdict == "right"
    assert sys.stdout is shown
    assert _state() == before
