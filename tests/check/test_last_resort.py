"""The reader speaks last: after every form, rate and order has been tried, of exact numbers alone, and not for long."""

from __future__ import annotations

import numpy as np
import pytest
from tests.check.test_as_people_write import handed_over

from chainrule import Dense, Network, check_backprop
from chainrule.check import backprop, last_resort
from chainrule.check.conventions import Answer, Scale, every_edit
from chainrule.check.loss_reading import is_forward
from chainrule.check.stepwise import explained
from chainrule.check.trial_points import random_point

NET = Network([Dense(4, "tanh"), Dense(2, "sigmoid")], n_features=3, loss="half_squared_error")

STEP = """
def step(W1, b1, W2, b2, X, T):
    A = np.tanh(X @ W1 + b1)
    Y = 1 / (1 + np.exp(-(A @ W2 + b2)))
    d2 = (Y - T) * Y * (1 - Y)
    d1 = d2 @ W2.T * (1 - A**2)
    UPDATES
"""
TRAIN = """
class Net:
    def __init__(self):
        rng = np.random.RandomState(3)
        self.W1, self.b1 = rng.normal(size=(3, 4)), rng.normal(size=4)
        self.W2, self.b2 = rng.normal(size=(4, 2)), rng.normal(size=2)

    def train(self, X, T):
        for k in ORDER:
            x, t = X[k], T[k]
            a = np.tanh(x @ self.W1 + self.b1)
            y = 1 / (1 + np.exp(-(a @ self.W2 + self.b2)))
            d2 = (y - t) * y * (1 - y)
            d1 = self.W2 @ d2 * (1 - a**2)
            UPDATES
"""
RATES = ("1.0", "0.7", "0.37", "0.1", "0.05", "0.0123", "0.001")
LAYERS = (("W2", "b2", "W1", "b1"), ("b1", "W1", "b2", "W2"), ("W1", "b1", "W2", "b2"), ("b2", "b1", "W2", "W1"))
OF_ALL = {"W1": "X.T @ d1", "b1": "d1.sum(axis=0)", "W2": "A.T @ d2", "b2": "d2.sum(axis=0)"}
OF_ONE = {"W1": "np.outer(x, d1)", "b1": "d1", "W2": "np.outer(a, d2)", "b2": "d2"}
ORDERS = ("range(len(X))", "range(len(X))[::-1]", "np.argsort(X[:, 0])")


@pytest.mark.parametrize("over", ["", " / len(X)"])
def test_right_steps_at_any_rate_and_in_any_order_are_right(over):
    """A rate that stands in the code as a number, all layers in any order: no rate that was tried first is believed."""
    for rate, order in zip(RATES, LAYERS * 2, strict=False):
        lines = "\n    ".join(f"{name} -= {rate}{over} * ({OF_ALL[name]})" for name in order)
        report = check_backprop(handed_over("step", STEP.replace("UPDATES", lines), "<step>"), NET)
        assert report.verdict.startswith("right"), f"{rate}{over} {order}\n{report}"
        assert "is taken for its rate" in str(report) or rate == "1.0", str(report)


def test_right_training_of_one_sample_after_the_other_is_right(monkeypatch):
    """In any order of the samples and of the layers: the reader is not asked."""
    monkeypatch.setattr(last_resort, "_read", None)  # it fails where it is asked
    for rate, samples, order in zip(RATES, ORDERS * 3, LAYERS * 2, strict=False):
        lines = "\n            ".join(f"self.{name} -= {rate} * {OF_ONE[name]}" for name in order)
        source = TRAIN.replace("ORDER", samples).replace("UPDATES", lines)
        report = check_backprop(handed_over("Net()", source, "<train>"), NET)
        assert report.verdict.startswith("right"), f"{rate} {samples} {order}\n{report}"


UNKNOWN_RATE = {
    "nothing": (("X.T @ d1", "X.T @ np.cos(d1)"), ("A.T @ d2", "A.T @ (d2 + d2**2)")),
    "loss-for-derivative derivative-of-other-activation updated-weights": (
        ("(Y - T) * Y", "(Y - T) ** 2 * Y"),
        ("d1 = d2 @ W2.T * (1 - A**2)", "W2 -= 0.037 * (A.T @ d2)\n    d1 = d2 @ W2.T * A * (1 - A)"),
        ("W2 -= 0.37 * (A.T @ d2)\n    b2", "b2"),
        ("0.37", "0.037"),
    ),
}


@pytest.mark.parametrize("named", UNKNOWN_RATE)
def test_steps_of_a_rate_that_nobody_knows_are_read_where_all_is_explained(named):
    """Else there is no name: a rate that is read off a part of the blocks is none."""
    lines = "\n    ".join(f"{name} -= 0.37 * ({OF_ALL[name]})" for name in LAYERS[0])
    source = STEP.replace("UPDATES", lines)
    for change in UNKNOWN_RATE[named]:
        source = source.replace(*change)
    report = check_backprop(handed_over("step", source, "<step>"), NET)
    assert report.verdict == "wrong"
    names = {one.name for one in report.mistakes} - {"line-to-change"}
    assert names == set(named.split()) - {"nothing"}, str(report)


TWO = """
def backprop(W1, b1, W2, b2, X, T):
    A = np.tanh(X @ W1 + b1)
    Y = 1 / (1 + np.exp(-(A @ W2 + b2)))
    d2 = (Y - T) ** 2 * Y * (1 - Y) / len(X)
    d1 = d2 @ (W2 - 0.1 * A.T @ d2).T * A * (1 - A)
    return X.T @ d1, d1.mean(axis=0)WHERE, A.T @ d2, d2.sum(axis=0)
"""


def test_what_two_points_show_is_not_told_where_the_third_denies_it(monkeypatch):
    """Code that is another with eleven samples: the reading of the first two points does not hold, and is not told.

    The reader is asked once and at the end, not in each form, rate and training: what it says of one can win over none.
    """
    asked, reader = [], backprop.read_again
    monkeypatch.setattr(backprop, "read_again", lambda *a: asked.append(len(a[1])) or reader(*a))
    report = check_backprop(handed_over("backprop", TWO.replace("WHERE", ""), "<same>"), NET)
    assert len(asked) == 1
    assert asked[0] > 1
    names = {one.name for one in report.mistakes}
    assert names == {"loss-for-derivative", "updated-weights", "derivative-of-other-activation", "bias-mean"}
    source = TWO.replace("WHERE", " * (1 + (len(X) == 11) * np.arange(4))")
    report = check_backprop(handed_over("backprop", source, "<another>"), NET)
    assert report.clues
    assert "bias-mean" not in {one.name for one in report.mistakes}


def test_forward_passes_are_bounded_by_a_count(monkeypatch):
    """However many layers there are and however little fits, so many forward passes are looked at and no more."""
    net = Network([Dense(3, "sigmoid")] * 7 + [Dense(2, "sigmoid")], n_features=3, loss="half_squared_error")
    made = []
    layerwise = explained.Layerwise
    monkeypatch.setattr(explained, "Layerwise", lambda *a, **k: made.append(a) or layerwise(*a, **k))

    points = [random_point(net, 0.0, seed, n) for seed, n in enumerate((13, 17, 11))]
    blocks = [{name: np.full(shape, np.cos(len(name) + k)) for name, shape in net.shapes.items()} for k in range(3)]
    answers = [Answer(None, None, one) for one in blocks]
    assert explained.read_stepwise(net, points, answers, [Scale()], (), outputs_known=False) is None
    assert sum(map(is_forward, every_edit(net))) > explained.MOST_LOOKED_AT
    assert 1 < len(made) <= 2 + explained.MOST_LOOKED_AT + 2 * explained.MOST_FORWARD


FOR_ITS_OWN_PURPOSE = {
    "a smoothed label": ("(Y - T)", "(Y - 0.9 * T - 0.05)"),
    "another weight for each sample": ("/ len(X)", "* np.arange(1, len(X) + 1)[:, None] / len(X) ** 2"),
    "standardised inputs": ("A =", "X = (X - X.mean(axis=0)) / X.std(axis=0)\n    A ="),
    "a clipped gradient": ("return g", "return [np.clip(one, -0.05, 0.05) for one in g]"),
    "a gradient of length 1": ("return g", "return [one / np.linalg.norm(one) for one in g]"),
    "one bias centred": ("return g", "return [g[0], g[1] - g[1].mean(), *g[2:]]"),
}
OWN_PURPOSE = """
def backprop(W1, b1, W2, b2, X, T):
    A = 1 / (1 + np.exp(-(X @ W1 + b1)))
    Y = 1 / (1 + np.exp(-(A @ W2 + b2)))
    d2 = (Y - T) / len(X)
    d1 = d2 @ W2.T * (A - A**2)
    g = [X.T @ d1, d1.sum(axis=0), A.T @ d2, d2.sum(axis=0)]
    return g
"""


@pytest.mark.parametrize("change", FOR_ITS_OWN_PURPOSE.values(), ids=FOR_ITS_OWN_PURPOSE)
def test_what_code_does_for_its_own_purpose_has_no_name(change):
    """It is not this network's gradient, and none of the mistakes: among so many readings none fits by chance."""
    net = Network([Dense(3, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    report = check_backprop(handed_over("backprop", OWN_PURPOSE.replace(*change), "<own>"), net)
    assert report.verdict == "wrong"
    assert {one.name for one in report.mistakes} <= {"line-to-change"}, str(report)


def test_a_usual_factor_of_the_whole_gradient_is_no_further_mistake():
    """Beside other mistakes: what the told loss is divided by, and the gradient is not."""
    source = TWO.replace("WHERE", "").replace("return X.T", "return ((Y - T) ** 2).sum() / 6, X.T")
    report = check_backprop(handed_over("backprop", source, "<told>"), NET)
    assert all(one.where != "the whole gradient" for one in report.mistakes), str(report)
    assert {one.name for one in report.mistakes} >= {"loss-for-derivative", "updated-weights"}
