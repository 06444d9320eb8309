"""Functions that cannot be called alone are checked in the loop, in their module, that trains by them."""

from __future__ import annotations

import linecache
from typing import Any

import numpy as np
import pytest

from chainrule import Dense, InvalidValue, Network, check_backprop

NET = Network([Dense(4, "tanh"), Dense(3, "softmax")], n_features=2, loss="cross_entropy")
MODULE = """
import numpy as np

def start(sizes):
    return [np.random.randn(i, o) for i, o in zip(sizes, sizes[1:])], [np.zeros(o) for o in sizes[1:]]

def through(stuff, X):
    kept = [X]
    for W, b in zip(*stuff):
        Z = kept[-1] @ W + b
        kept.append(np.tanh(Z) if W is not stuff[0][-1] else np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))
    return kept

def slopes(kept, stuff, hot):
    d = (kept[-1] - hot) / len(hot)
    found = []
    for k in (1, 0):
        found.insert(0, (kept[k].T @ d, d.sum(axis=0)))
        d = d @ stuff[0][k].T * (1 - kept[k] ** 2)
    return found

def learn(X, y, hidden=(32, 32), pace=0.3, rounds=500):
    np.random.seed(0)
    hot = np.eye(y.max() + 1)[y]
    stuff = start([X.shape[1], *hidden, hot.shape[1]])
    for r in range(rounds):
        kept = through(stuff, X)
        for k, (dW, db) in enumerate(slopes(kept, stuff, hot)):
            stuff[0][k] -= pace * dW
            stuff[1][k] -= pace * db
        if r > 400:
            return stuff
    return stuff
"""
UNTIL_CONTENT = """
import numpy as np

def learn(X, Y, pace):
    W = np.random.rand(X.shape[1], Y.shape[1])
    miss = 1.0
    while miss > 1e-30:
        E = X @ W - Y
        W -= pace * X.T @ E / len(X)
        miss = 1.0 + (E ** 2).sum()
    return W
"""


def functions_of(text: str, name: str = "<a module>") -> dict[str, Any]:
    """Run a module whose source Python can find, as that of a notebook's cell."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space: dict[str, Any] = {"__name__": "theirs"}
    exec(compile(text, name, "exec"), space)  # noqa: S102 - text of this file
    return space


def test_a_function_of_values_of_ones_own_is_checked_where_it_is_called() -> None:
    """Its arguments are what the functions before it return; the hidden widths of a default are the network's."""
    report = check_backprop(functions_of(MODULE)["slopes"], NET)
    assert report.verdict in ("right", "right up to a factor")
    assert any("one round of the loop of your learn" in note for note in report.notes)


def test_its_mistake_is_named_and_its_module_stays_as_it_was() -> None:
    """What the loop changes and makes is not left behind."""
    space = functions_of(MODULE.replace("* (1 - kept[k] ** 2)", ""))
    names = set(space)
    report = check_backprop(space["slopes"], NET)
    assert [one.name for one in report.mistakes] == ["derivative-missing"]
    assert set(space) == names


def test_a_function_that_trains_until_it_is_content_takes_one_round() -> None:
    """Called as it is it would never end."""
    net = Network([Dense(2, bias=False)], n_features=3, loss="half_squared_error")
    assert check_backprop(functions_of(UNTIL_CONTENT)["learn"], net).verdict.startswith("right")
    wrong = functions_of(UNTIL_CONTENT.replace("X.T @ E", "X.T @ (E * E)"))
    assert check_backprop(wrong["learn"], net).verdict == "wrong"
    other = Network([Dense(5), Dense(2)], n_features=3, loss="half_squared_error")
    with pytest.raises(InvalidValue, match="Your learn trains until it is content"):
        check_backprop(functions_of(UNTIL_CONTENT)["learn"], other)


class Thresholds:
    """Subtracts its thresholds, and trains sample by sample in a drawn order."""

    def __init__(self) -> None:
        self.W, self.limit, self.V, self.limit_out = np.ones((2, 3)), np.ones(3), np.ones((3, 1)), np.ones(1)
        self.rate = 0.1
        self.turned = -1

    def fit(self, X: Any, Y: Any) -> None:
        for k in np.random.permutation(len(X)):
            h = 1 / (1 + np.exp(-(X[k] @ self.W - self.limit)))
            p = 1 / (1 + np.exp(-(h @ self.V - self.limit_out)))
            d = (p - Y[k]) * p * (1 - p)
            e = self.V @ d * h * (1 - h)
            self.V -= self.rate * np.outer(h, d)
            self.limit_out -= self.rate * self.turned * d
            self.W -= self.rate * np.outer(X[k], e)
            self.limit -= self.rate * self.turned * e


def test_biases_may_be_thresholds() -> None:
    """An object that subtracts them is right where their step has the other sign, and not where it has not."""
    net = Network([Dense(3, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
    right, wrong = Thresholds(), Thresholds()
    assert check_backprop(right, net).verdict.startswith("right")
    wrong.turned = 1
    assert not check_backprop(wrong, net).verdict.startswith("right")


def test_a_list_that_is_used_up_is_no_argument_that_changes() -> None:
    """caches.pop() on the way back; an array that is changed in place still is one."""
    text = """
import numpy as np

def forward(X, W1, b1, W2, b2):
    A1 = np.tanh(X @ W1 + b1)
    P = 1 / (1 + np.exp(-(A1 @ W2 + b2)))
    return P, [(X, W1), (A1, W2)]

def backward(P, y, caches):
    A1, W2 = caches.pop()
    X, W1 = caches.pop()
    d2 = (P - y) / len(y)
    d1 = d2 @ W2.T * (1 - A1 ** 2)
    return X.T @ d1, d1.sum(axis=0), A1.T @ d2, d2.sum(axis=0)
"""
    net = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    assert check_backprop(functions_of(text)["backward"], net).ok
    changes = functions_of(
        text.replace("    d1 =", "    W2 *= 2\n    W2 /= 2\n    W2 += 1\n    W2 -= 1\n    X += 1\n    d1 =")
    )
    assert check_backprop(changes["backward"], net).verdict == "wrong"
