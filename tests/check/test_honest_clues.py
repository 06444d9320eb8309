"""Honest clues: what is said where no name fits is true of this code, and not of any; what fits has its name."""

from __future__ import annotations

import numpy as np
import pytest
from tests.check.written import names, student

from chainrule import Dense, Network, check_backprop
from chainrule.check.clues import is_one_number

DEEP = Network([Dense(4, "tanh"), Dense(3, "sigmoid"), Dense(3, "softmax")], n_features=3, loss="cross_entropy")
TWO = Network([Dense(4, "tanh"), Dense(3, "sigmoid"), Dense(2, "softmax")], n_features=3, loss="cross_entropy")
TEXT = """
def backprop(W1, b1, W2, b2, W3, b3, X, T):
    A1 = np.tanh(X @ W1 + b1)
    A2 = sigmoid(A1 @ W2 + b2)
    E = np.exp(A2 @ W3 + b3)
    Y = E / E.sum(axis=1, keepdims=True)
    loss = -np.sum(T * np.log(Y)) / len(X)
    dZ3 = (Y - T) / len(X)
    dW3, db3 = A2.T @ dZ3, dZ3.sum(axis=0)
    dA2 = dZ3 @ W3.T
    dZ2 = dA2 * A2 * (1 - A2)
    dW2, db2 = A1.T @ dZ2, dZ2.sum(axis=0)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (1 - A1**2)
    dW1, db1 = X.T @ dZ1, dZ1.sum(axis=0)
    return loss, dW1, db1, dW2, db2, dW3, db3
"""
FROM_DA = ("db2 = A1.T @ dZ2, dZ2.sum(axis=0)", "db2 = A1.T @ dZ2, dA2.sum(axis=0)")
MEAN = ("db3 = A2.T @ dZ3, dZ3.sum(axis=0)", "db3 = A2.T @ dZ3, dZ3.mean(axis=0)")
NONE = ("db3 = A2.T @ dZ3, dZ3.sum(axis=0)", "db3 = A2.T @ dZ3, 0 * b3")
MEAN_2 = ("db2 = A1.T @ dZ2, dZ2.sum(axis=0)", "db2 = A1.T @ dZ2, dZ2.mean(axis=0)")
SIGNS = ("dA1 = dZ2 @ W2.T", "dA1 = np.sign(dZ2) @ W2.T")
SLOPE = ("(1 - A1**2)", "(1 - A1)")
LAST = ("return loss, dW1,", "SCALE\n    return loss, dW1,")


def code(*edits):
    return student(*edits, source=TEXT)


def test_a_bias_from_dA_among_others_has_its_name():
    """Its layer's weights are right: no derivative is missing there."""
    report = check_backprop(code(FROM_DA, SLOPE, MEAN), DEEP)
    assert sorted(names(report)) == ["bias-from-dA", "bias-mean", "derivative-miswritten"]


@pytest.mark.parametrize(
    ("edits", "named"),
    [((MEAN, SIGNS), ["bias-mean"]), ((MEAN_2, NONE, SIGNS), ["bias-mean", "bias-missing"])],
    ids=["mean", "mean and none"],
)
def test_what_stands_beside_an_error_without_a_name_keeps_its_own(edits, named):
    """An error that is none that we know in the first layer hides no mean in the last."""
    report = check_backprop(code(*edits), DEEP)
    assert sorted(names(report)) == named
    assert "The error in layer 1 is none that I know" in str(report)


def test_two_outputs_give_no_direction():
    """Of a softmax of two the errors add up to 0: that db3 points along the right one is true of half of all errors."""
    report = check_backprop(code(("dZ3 = (Y - T) / len(X)", "dZ3 = (Y - T) ** 3 / len(X)")), TWO)
    assert report.verdict == "wrong"
    assert "db3 points" not in str(report)
    assert "Every entry of db3 has the wrong sign" not in str(report)


@pytest.mark.parametrize(
    ("block", "alone"), [([0.5], True), ([0.25, -0.25], True), ([0.25, -0.5], False), ([1, -2, 1], False)]
)
def test_a_block_of_one_number_is_told_from_others(block, alone):
    """One entry, or two that add up to 0."""
    assert is_one_number(np.array(block)) == alone


NORM = "norm = np.sqrt(sum((g**2).sum() for g in (dW1, db1, dW2, db2, dW3, db3)))"
CLIPPED = f"""{NORM}
    c = min(1.0, 0.01 / norm)
    dW1, db1, dW2, db2, dW3, db3 = [c * g for g in (dW1, db1, dW2, db2, dW3, db3)]"""
BY_LOSS = "dW1, db1, dW2, db2, dW3, db3 = [loss * g for g in (dW1, db1, dW2, db2, dW3, db3)]"


def test_a_clipped_gradient_is_told_as_one():
    """Every block by one number, another at every θ, and the same length everywhere."""
    report = check_backprop(code((LAST[0], LAST[1].replace("SCALE", CLIPPED))), DEEP)
    assert report.verdict == "right up to a factor"
    assert names(report) == ["factor"]
    assert "Its length was 0.01" in str(report)


def test_a_gradient_by_a_number_of_its_own_is_no_clipped_one():
    """A number that depends on θ multiplies all: it is said, and nothing of a length."""
    report = check_backprop(code((LAST[0], LAST[1].replace("SCALE", BY_LOSS))), DEEP)
    assert report.verdict == "right up to a factor"
    assert "one and the same number" in str(report)
    assert "Its length" not in str(report)


def test_a_clipped_gradient_with_a_mistake_is_wrong():
    """One block off beside the shared number: no convention."""
    report = check_backprop(code(SLOPE, (LAST[0], LAST[1].replace("SCALE", CLIPPED))), DEEP)
    assert report.verdict == "wrong"


def test_a_constant_of_all_blocks_is_one_mistake():
    """Three times everything is said once."""
    tripled = LAST[1].replace("SCALE", BY_LOSS.replace("loss *", "3 *"))
    report = check_backprop(code((LAST[0], tripled)), DEEP)
    assert [(one.name, one.where) for one in report.mistakes] == [("factor", "the whole gradient")]


SCRIPT = """
import numpy as np
rng = np.random.RandomState(0)
X = rng.randn(2, 30)
T = (X[0:1] * X[1:2] > 0) * 1.0
W1, b1, W2, b2 = rng.randn(4, 2), np.zeros((4, 1)), rng.randn(1, 4), np.zeros((1, 1))
for epoch in range(50):
    A1 = np.tanh(W1 @ X + b1)
    A2 = 1 / (1 + np.exp(-(W2 @ A1 + b2)))
    dZ2 = A2 - T
    dZ1 = W2.T @ dZ2 * (1 - A1**2)
    W2 = W2 - 0.3 * dZ2 @ A1.T DIVIDED
    b2 = b2 - 0.3 * dZ2.sum(1, keepdims=True) DIVIDED
    W1 = W1 - 0.3 * dZ1 @ X.T DIVIDED_FIRST
    b1 = b1 - 0.3 * dZ1.sum(1, keepdims=True) DIVIDED
"""
BINARY = Network([Dense(4, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
WRITTEN = {"divided": "/ 30", "inverse": "* (1 / 30)", "name": "/ how_many"}


@pytest.mark.parametrize("divided", WRITTEN.values(), ids=WRITTEN)
def test_a_count_that_is_written_as_a_number_is_that_of_its_samples(divided, tmp_path):
    """/ 30 of thirty samples is the mean: it is right, and the division by N is not missing."""
    path = tmp_path / "thirty.py"
    text = SCRIPT.replace("DIVIDED_FIRST", divided).replace("DIVIDED", divided)
    path.write_text(text.replace("for epoch", "how_many = 30\nfor epoch"))
    assert check_backprop(path, BINARY).verdict == "right"


def test_a_block_that_is_not_divided_by_the_written_count_is_named(tmp_path):
    """One of four blocks is a sum, and it is called so, not by its factor."""
    path = tmp_path / "thirty.py"
    path.write_text(SCRIPT.replace("DIVIDED_FIRST", "").replace("DIVIDED", "/ 30"))
    report = check_backprop(path, BINARY)
    assert [(one.name, one.where) for one in report.mistakes] == [("mean-missing", "dW1")]


def test_a_script_that_divides_by_nothing_is_a_sum(tmp_path):
    """The number of its samples stands nowhere: that the sum is meant is said as before."""
    path = tmp_path / "thirty.py"
    path.write_text(SCRIPT.replace("DIVIDED_FIRST", "").replace("DIVIDED", "").replace("0.3", "0.01"))
    report = check_backprop(path, BINARY)
    assert report.verdict == "right up to a factor"
    assert names(report) == ["mean-missing"]


IN_PLACE = """
def step(x, y, w_a, w_b):
    into, answer = np.array(x, ndmin=2).T, np.array(y, ndmin=2).T
    hid = sigmoid(w_a @ into)
    out = sigmoid(w_b @ hid)
    error = answer - out
    delta = error * out * (1 - out)
    delta_hid = error * hid * (1 - hid)
    w_b += 0.1 * delta @ hid.T
    w_a += 0.1 * delta_hid @ into.T
    return error
"""


def test_a_step_in_place_is_no_mistake_where_nothing_else_is_read():
    """Code that steps its own weights changes what it is given: that is noted, and nobody is accused of it."""
    net = Network(
        [Dense(2, "sigmoid", bias=False), Dense(1, "sigmoid", bias=False)], n_features=2, loss="half_squared_error"
    )
    report = check_backprop(student(source=IN_PLACE, name="step"), net)
    assert "changes-arguments" not in names(report)


def test_m_beside_theta_counts_samples():
    """One unit's theta holds the slope: m is what the sum is divided by."""
    text = """
def gradient_descent(X, y, theta, m, alpha):
    theta = theta - alpha * X.T.dot(X.dot(theta) - y) / m
    return theta
"""
    net = Network([Dense(1)], n_features=1, loss="half_squared_error")
    assert check_backprop(student(source=text, name="gradient_descent"), net).verdict == "right"


def test_how_deep_code_came_is_told_by_its_calls():
    """The error that is told is the author's own, from the form that came farthest, wherever it stands in the file."""
    text = """
def backward(X, y, W1, W2, lr):
    A1 = sigmoid(X @ W1)
    d = (A1 @ W2 - y) / len(X)
    b2 -= lr * d.sum(axis=0)
    W2 -= lr * A1.T @ d

def train(X, y, params, lr, n_epochs):



    W1, W2 = params
    backward(X, y, W1, W2, lr)
    return W1, W2
"""
    net = Network([Dense(3, "sigmoid", bias=False), Dense(1, bias=False)], n_features=2)
    report = check_backprop(student(source=text, name="train"), net)
    assert report.raised
    assert "UnboundLocalError" in str(report)


UNITS = """
def gradient(W1, b1, W2, b2, X, T):
    x, y = X[:, 0], X[:, 1]
    g, h = sigmoid(X @ W1[:, 0] + b1[0]), sigmoid(X @ W1[:, 1] + b1[1])
    d = (sigmoid(g * W2[0, 0] + h * W2[1, 0] + b2[0]) - T[:, 0]) / len(X)
    dg, dh = d * W2[0, 0] * g * (1 - g), d * W2[1, 0] * h * (1 - h)
    dW1 = np.array([[(dg * x).sum(), (dh * x).sum()], [(dg * y).sum(), (dh * y).sum()]])
    return dW1, np.array([dg.sum(), dh.sum()]), np.array([[(d * g).sum()], [(d * h).sum()]]), d.sum()
"""


@pytest.mark.parametrize(("copied", "name"), [("dh * x", "wrong-input"), ("dg * y", "wrong-error")])
def test_a_line_that_was_copied_is_named_by_what_it_takes(copied, name):
    """One entry is another's: nothing was exchanged, for that other one is right where it belongs."""
    net = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    report = check_backprop(student(("(dh * y).sum()]]", f"({copied}).sum()]]"), source=UNITS, name="gradient"), net)
    assert names(report) == [name]
    assert "dW1[1, 1] alone" in str(report)
