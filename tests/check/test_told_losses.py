"""Told losses: what code returns beside a gradient that is right turns it into no accusation, whatever it is."""

from __future__ import annotations

import numpy as np
import pytest
from tests.check.written import names, student

from chainrule import Dense, Network, check_backprop

CLASSES = Network([Dense(3, "tanh"), Dense(3, "softmax")], n_features=2, loss="cross_entropy")
BINARY = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
LINE = Network([Dense(3, "tanh"), Dense(1)], n_features=2, loss="half_squared_error")
SIGMOIDS = Network([Dense(3, "tanh"), Dense(2, "sigmoid")], n_features=2, loss="half_squared_error")
OUTPUTS = {
    "softmax": "np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True)",
    "sigmoid": "sigmoid(Z2)",
    "identity": "Z2",
}
TEXT = """
past = []

def backprop(W1, b1, W2, b2, X, T):
    N = len(X)
    A1 = np.tanh(X @ W1 + b1)
    Z2 = A1 @ W2 + b2
    Y = OUTPUTS
    dZ2 = ERROR
    dZ1 = dZ2 @ W2.T * (1 - A1**2)
    dW1, db1, dW2, db2 = X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)
    LOSS
    return loss, dW1, db1, dW2, db2
"""
CROSS = "-np.sum(T * np.log(Y)) / N"
LOG = "-np.mean(T * np.log(Y) + (1 - T) * np.log(1 - Y))"
OTHER_BATCH = """VX = np.random.RandomState(1).randn(5, 2)
    VZ = np.tanh(VX @ W1 + b1) @ W2 + b2
    loss = np.mean(np.log(np.exp(VZ).sum(axis=1)) - VZ[:, 0])"""
LOSSES = {
    "of another batch": (CLASSES, OTHER_BATCH),
    "rounded": (CLASSES, f"loss = round({CROSS}, 4)"),
    "rounded to two digits": (BINARY, f"loss = round({LOG}, 2)"),
    "as text": (CLASSES, f"loss = f'{{{CROSS}:.4f}}'"),
    "wrong answers in percent": (CLASSES, "loss = 100 * np.mean(Y.argmax(axis=1) != T.argmax(axis=1))"),
    "accuracy": (CLASSES, "loss = np.mean(Y.argmax(axis=1) == T.argmax(axis=1))"),
    "of the last sample": (LINE, "loss = 0.5 * ((Y[-1] - T[-1]) ** 2).sum()"),
    "running mean": (CLASSES, f"past.append({CROSS}); loss = np.mean(past)"),
    "a list that grows": (CLASSES, f"past.append({CROSS}); loss = past"),
    "a list of one": (LINE, "loss = [0.5 * np.mean((Y - T) ** 2)]"),
    "a number a sample": (CLASSES, "loss = -np.sum(T * np.log(Y), axis=1)"),
    "a number an entry": (CLASSES, "loss = -T * np.log(Y)"),
    "binary, summed over classes": (CLASSES, "loss = -np.sum(T * np.log(Y) + (1 - T) * np.log(1 - Y)) / N"),
    "squares of a softmax": (CLASSES, "loss = np.mean((Y - T) ** 2)"),
    "root": (LINE, "loss = np.sqrt(np.mean((Y - T) ** 2))"),
    "absolute": (LINE, "loss = np.mean(np.abs(Y - T))"),
    "in bits": (BINARY, "loss = -np.mean(T * np.log2(Y) + (1 - T) * np.log2(1 - Y))"),
    "perplexity": (CLASSES, f"loss = np.exp({CROSS})"),
    "determination": (LINE, "loss = 1 - ((Y - T) ** 2).sum() / ((T - T.mean()) ** 2).sum()"),
    "constant": (CLASSES, "loss = 1.0"),
    "no number": (BINARY, "loss = float('nan')"),
    "of one class": (BINARY, "loss = -np.mean(T * np.log(Y))"),
    "of the largest": (CLASSES, "loss = -np.log(Y.max(axis=1)).mean()"),
    "after a step": (
        LINE,
        "Y = np.tanh(X @ (W1 - dW1) + b1 - db1) @ (W2 - dW2) + b2 - db2; loss = 0.5 * np.mean((Y - T) ** 2)",
    ),
}


def told(net, loss, error="(Y - T) / N"):
    outputs = OUTPUTS[net.layers[-1].activation.name]
    return student(("OUTPUTS", outputs), ("ERROR", error), ("LOSS", loss), source=TEXT)


@pytest.mark.parametrize("case", LOSSES.values(), ids=LOSSES)
def test_a_loss_that_fits_nothing_accuses_no_right_gradient(case):
    """Printed, rounded, of other samples, of a later step: the gradient is the network's, and that is right."""
    net, loss = case
    report = check_backprop(told(net, loss), net)
    assert (report.verdict, names(report)) == ("right", [])


@pytest.mark.parametrize("loss", ["loss = 1.0", "loss = 0.0"])
def test_a_constant_is_called_no_loss_by_name(loss):
    """A loss that is one number everywhere is ours plus a constant for none of those that we know."""
    assert "none that I recognise" in str(check_backprop(told(CLASSES, loss), CLASSES))


SLOPE = "(Y - T) * Y * (1 - Y)"
FACTORS = {"−N": f"-{SLOPE}", "−2 N": f"-2 * {SLOPE}", "2 N": f"2 * {SLOPE}", "½ N": f"0.5 * {SLOPE}"}


@pytest.mark.parametrize("ratio", FACTORS)
def test_a_loss_two_factors_away_is_taken_for_a_printed_one(ratio):
    """The mean is printed, and steps go up the sum: no mistake is named, and what stands between them is said."""
    report = check_backprop(told(SIGMOIDS, "loss = 0.5 * np.sum((Y - T) ** 2) / N", FACTORS[ratio]), SIGMOIDS)
    assert report.verdict == "right up to a factor"
    assert f"{ratio} times that of the loss that you return" in report.headline
    assert report.mistakes[0].confidence == 0.5


@pytest.mark.parametrize(("error", "name"), [(SLOPE, "mean-missing"), (f"2 * {SLOPE} / N", "factor-two")])
def test_one_factor_between_loss_and_gradient_is_a_mistake(error, name):
    """A mean that is told and a sum that is derived is the mistake that it looks like."""
    report = check_backprop(told(SIGMOIDS, "loss = 0.5 * np.sum((Y - T) ** 2) / N", error), SIGMOIDS)
    assert (report.verdict, names(report)) == ("wrong", [name])


def test_a_gradient_in_another_convention_beside_an_unknown_loss_is_up_to_a_factor():
    """What is printed is not recognised: then the convention is said as where nothing is printed."""
    report = check_backprop(told(SIGMOIDS, "loss = np.mean(np.abs(Y - T))", f"-2 * {SLOPE}"), SIGMOIDS)
    assert report.verdict == "right up to a factor"
    assert "−2 N times that of the mean half_squared_error" in report.headline


PENALISED = """
def backprop(W1, b1, W2, b2, X, T, lam):
    N = len(X)
    A1 = np.tanh(X @ W1 + b1)
    Y = A1 @ W2 + b2
    loss = 0.5 * np.mean((Y - T) ** 2)
    dZ2 = (Y - T) / N
    dZ1 = dZ2 @ W2.T * (1 - A1**2)
    return loss, X.T @ dZ1 + DECAY * W1, dZ1.sum(axis=0), A1.T @ dZ2 + DECAY * W2, dZ2.sum(axis=0)
"""


@pytest.mark.parametrize("decay", ["2 * lam", "lam", "lam / N"])
def test_a_loss_before_its_penalty_accuses_no_decay(decay):
    """The loss is told without λ Σ W², and the gradient has it in any usual convention."""
    code = student(source=PENALISED.replace("DECAY", decay))
    assert check_backprop(code, LINE).verdict == "right"


def test_a_penalty_of_the_wrong_sign_is_wrong_beside_a_loss_without_it():
    """Weights that are blown up: that is no convention."""
    assert not check_backprop(student(source=PENALISED.replace("DECAY", "-lam")), LINE).ok


RELU = Network([Dense(4, "relu"), Dense(3, "tanh"), Dense(2, "softmax")], n_features=3, loss="cross_entropy")
LEAKY = """
def backprop(W1, b1, W2, b2, W3, b3, X, T):
    Z1 = X @ W1 + b1
    A1 = np.where(Z1 > 0, Z1, 0.01 * Z1)
    A2 = np.tanh(A1 @ W2 + b2)
    E = np.exp(A2 @ W3 + b3)
    Y = E / E.sum(axis=1, keepdims=True)
    loss = -np.sum(T * np.log(Y)) / len(X)
    dZ3 = (Y - T) / len(X)
    dZ2 = dZ3 @ W3.T * (1 - A2**2)
    dZ1 = dZ2 @ W2.T * np.where(Z1 > 0, 1, 0.01)
    return loss, X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0), A2.T @ dZ3, dZ3.sum(axis=0)
"""


@pytest.mark.parametrize("first", ["loss", "Y, loss"])
def test_the_gradient_of_another_forward_pass_is_accused_of_that_alone(first):
    """A leaky ReLU where a ReLU is meant: the unit is named, and no mistake of the way back, which is right."""
    code = student(("return loss", f"return {first}"), source=LEAKY)
    report = check_backprop(code, RELU)
    assert [(one.name, one.where) for one in report.mistakes] == [("activation-wrong", "layer 1")]
    assert "your way back is right" in str(report)


def test_a_mistake_behind_another_forward_pass_is_named_too():
    """The derivative of the ReLU behind a leaky one: this is not the gradient of its own loss."""
    report = check_backprop(student(("np.where(Z1 > 0, 1, 0.01)", "(Z1 > 0)"), source=LEAKY), RELU)
    assert not report.ok
    assert "your way back is right" not in str(report)


def test_what_is_returned_beside_a_right_gradient_need_not_be_outputs():
    """An array (N, K) that holds something else is noted."""
    report = check_backprop(told(CLASSES, "loss = -T * np.log(Y)"), CLASSES)
    assert report.ok
    assert "does not hold the outputs" in str(report)


def test_the_texts_run():
    """The right gradient of each text is that of central differences: these tests hold right code."""
    net = LINE
    code = told(net, "loss = 0.5 * np.mean((Y - T) ** 2)")
    rng = np.random.default_rng(0)
    theta = [rng.normal(size=shape) for shape in net.shapes.values()]
    X, T = rng.normal(size=(7, 2)), rng.normal(size=(7, 1))
    _, dW1, *_ = code(*theta, X, T)
    up, down = (code(theta[0] + h * np.eye(2, 3), *theta[1:], X, T)[0] for h in (1e-5, -1e-5))
    assert np.isclose((up - down) / 2e-5, np.trace(dW1[:, :2]))
