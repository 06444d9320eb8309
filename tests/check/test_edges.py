"""What lies at an edge: numbers that only just can be told apart, and code of which only one thing is off."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import Dense, Network, check_backprop
from chainrule.check import attempts, check_gradient
from chainrule.check.finite_differences import differences
from chainrule.check.raised_errors import _layer_turned_around

EPS = float(np.finfo(float).eps)


def test_what_a_gradient_loses_by_rounding_is_no_mistake():
    """An entry beside one of 1e8 may be off by some of that one's last digits: nothing is known of it."""
    report = check_gradient(lambda t: (1e8 * t[0], np.array([1e8, 5e-8])), [0.0, 0.0])
    assert report.ok
    assert [entry.index for entry in report.blocks[0].too_small] == [(1,)]


@pytest.mark.parametrize("seed", [4118, 4620, 4875, 7337, 9216])
def test_estimates_that_agree_by_chance_are_held_against_the_next_shorter_step(seed):
    """Among kinks nearer than most steps the slope is within the uncertainty, also where three steps agree."""
    rng = np.random.RandomState(seed)
    n, width = rng.randint(2, 12), 10 ** rng.uniform(-7, -1)
    kinks, slopes = rng.uniform(-width, width, n), rng.normal(size=n)

    def loss(theta):
        return float(np.maximum(0, theta[0] - kinks) @ slopes)

    found = differences(loss, np.zeros(1), loss(np.zeros(1)), EPS).derivative(0)
    assert abs(found.value - slopes[kinks < 0].sum()) <= found.uncertainty


@pytest.mark.parametrize("seed", [30, 46, 75, 100])
def test_an_estimate_that_is_lost_in_rounding_is_held_against_shorter_steps(seed):
    """Where a loss cancels inside, three steps may agree by chance, and more rounding than was measured shows later."""
    rng = np.random.RandomState(seed)
    large, theta, rate = 10 ** rng.uniform(0, 9), rng.normal(size=1), rng.normal(size=3)[0]

    def loss(theta):
        return large + float(np.sin(rate * theta[0])) - large

    found = differences(loss, theta, loss(theta), EPS).derivative(0)
    assert abs(found.value - rate * np.cos(rate * theta[0])) <= found.uncertainty


@pytest.mark.parametrize(("axis", "name"), [(0, "softmax-axis"), (None, "softmax-over-everything")])
def test_a_softmax_that_is_wrong_on_the_way_back_alone_has_its_name(axis, name):
    """The outputs are right; the gradient takes others."""

    def softmax(Z, axis):
        E = np.exp(Z)
        return E / E.sum(axis=axis, keepdims=True)

    def backprop(W1, b1, W2, b2, X, T):
        A1 = np.tanh(X @ W1 + b1)
        Z2 = A1 @ W2 + b2
        dZ2 = (softmax(Z2, axis) - T) / len(X)
        dZ1 = dZ2 @ W2.T * (1 - A1**2)
        return softmax(Z2, 1), (X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0))

    net = Network([Dense(4, "tanh"), Dense(3, "softmax")], n_features=2, loss="cross_entropy")
    assert [one.name for one in check_backprop(backprop, net).mistakes] == [name]


def test_a_product_that_does_not_fit_tells_its_layer():
    """The sizes of W2 are 3 and 2; those of the first layer, through which nothing goes back, tell none."""
    net = Network([Dense(3, "tanh"), Dense(2)], n_features=5)
    assert _layer_turned_around(net, "size 2 is different from 3") == 2
    assert _layer_turned_around(net, "size 3 is different from 5") is None


class AtOnce:
    """Makes its own parameters and takes steps of all samples."""

    def __init__(self, rate=0.1):
        self.rate = rate

    def fit(self, X, y, epochs):
        self.W, self.b = np.random.rand(X.shape[1], y.shape[1]), np.zeros(y.shape[1])
        for _ in range(epochs):
            E = (X @ self.W + self.b - y) / len(X)
            self.W, self.b = self.W - self.rate * X.T @ E, self.b - self.rate * E.sum(axis=0)


class OneByOne(AtOnce):
    """Takes a step for each."""

    def fit(self, X, y, epochs):
        self.W, self.b = np.random.rand(X.shape[1], y.shape[1]), np.zeros(y.shape[1])
        for _ in range(epochs):
            for x, t in zip(X, y, strict=True):
                e = x @ self.W + self.b - t
                self.W, self.b = self.W - self.rate * np.outer(x, e), self.b - self.rate * e


@pytest.mark.parametrize(("student", "at_once"), [(AtOnce, True), (OneByOne, False)])
def test_a_step_of_all_samples_is_known_by_half_the_rate(student, at_once, monkeypatch):
    """Half of it is half the step, from whatever parameters the code makes."""
    told, asked = [], attempts._in_one_step
    monkeypatch.setattr(attempts, "_in_one_step", lambda *given: told.append(asked(*given)) or told[-1])
    assert check_backprop(student, Network([Dense(2)], 3, "half_squared_error")).verdict == "right"
    assert told[0][0] is at_once
