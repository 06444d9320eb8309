"""Every way in which a gradient is written by hand is run as it stands: right is right, and a mistake has its name."""

from __future__ import annotations

import time

import numpy as np
import pytest
from tests.check.written import SMALL, names, student

from chainrule import Dense, Network, check_backprop
from chainrule.errors import InvalidValue

BODY = """
    Z1 = X @ W1 + b1
    A1 = np.tanh(Z1)
    Y = sigmoid(A1 @ W2 + b2)
    loss = -np.mean(T * np.log(Y) + (1 - T) * np.log(1 - Y))
    dZ2 = (Y - T) / len(X)
    dZ1 = dZ2 @ W2.T * (1 - A1**2)
    dW1, db1, dW2, db2 = X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)
"""
CUT = "W1, b1, W2, b2 = theta[:4].reshape(2, 2), theta[4:6], theta[6:8].reshape(2, 1), theta[8:]"
FLAT = "np.concatenate([dW1.ravel(), db1, dW2.ravel(), db2])"
LISTS = f"def backprop(weights, biases, X, T):\n    (W1, W2), (b1, b2) = weights, biases{BODY}"
SINGLY = f"def backprop(W1, b1, W2, b2, X, T):{BODY}"
ARRAYS = "W1, b1, W2, b2 = np.ones((2, 2)), np.ones(2), np.ones((2, 1)), np.ones(1)"
FORMS = {
    "a flat theta, loss and gradient": f"def backprop(theta, X, T):\n    {CUT}{BODY}    return loss, {FLAT}",
    "a flat theta, gradient alone": f"def backprop(theta, X, T):\n    {CUT}{BODY}    return {FLAT}",
    "params and y": f"def backprop(params, x, y):\n    theta, X, T = params, x, y\n    {CUT}{BODY}    return {FLAT}",
    "lists": f"{LISTS}    return loss, [dW1, dW2], [db1, db2]",
    "pairs by layer": f"{LISTS}    return [(dW1, db1), (dW2, db2)]",
    "one by one": f"{SINGLY}    return loss, dW1, db1, dW2, db2",
    "data first": f"def backprop(X, T, W1, b1, W2, b2):{BODY}    return dW1, db1, dW2, db2",
    "a dict": f"{SINGLY}    return {{'loss': loss, 'dW2': dW2, 'db2': db2, 'dW1': dW1, 'db1': db1}}",
    "a dict, from 0": f"{SINGLY}    return dict(w1=dW2, b1=db2, w0=dW1, b0=db1)",
    "loss and a dict": f"{SINGLY}    return loss, dict(W1=dW1, b1=db1, W2=dW2, b2=db2)",
    "a dict in a dict": f"{SINGLY}    return dict(loss=loss, grads=dict(dW1=dW1, db1=db1, dW2=dW2, db2=db2))",
    "arrays of the module": f"{ARRAYS}\ndef backprop(X, T):{BODY}    return dW1, db1, dW2, db2",
    "a class that updates itself": (
        "class backprop:\n    def __init__(self):\n"
        "        self.W1, self.b1, self.W2, self.b2 = np.ones((2, 2)), np.ones(2), np.ones((2, 1)), np.ones(1)\n"
        "        self.lr = 0.5\n"
        "    def forward(self, X):\n        self.X = X\n        self.A1 = np.tanh(X @ self.W1 + self.b1)\n"
        "        self.Y = sigmoid(self.A1 @ self.W2 + self.b2)\n        return self.Y\n"
        "    def backward(self, T):\n        X, A1 = self.X, self.A1\n        dZ2 = (self.Y - T) / len(X)\n"
        "        dZ1 = dZ2 @ self.W2.T * (1 - A1**2)\n        self.W1 -= self.lr * X.T @ dZ1\n"
        "        db1 = dZ1.sum(axis=0)\n"
        "        self.b1 -= self.lr * db1\n        self.W2 -= self.lr * A1.T @ dZ2\n"
        "        self.b2 -= self.lr * dZ2.sum(axis=0)\n"
    ),
}


@pytest.mark.parametrize("source", FORMS.values(), ids=FORMS)
def test_right_code_in_this_form_is_right(source):
    """It is run as it stands, and nothing is found."""
    report = check_backprop(student(source=source), SMALL)
    assert report.ok, str(report)


@pytest.mark.parametrize("source", FORMS.values(), ids=FORMS)
def test_a_mistake_in_this_form_has_its_name(source):
    """Without tanh′ the name is derivative-missing, whatever the form."""
    report = check_backprop(student(("W2.T * (1 - A1**2)", "W2.T"), source=source), SMALL)
    assert "derivative-missing" in (*names(report), *report.mistakes[0].also)


def test_theta_alone_reads_its_own_samples():
    """A function of theta that keeps its samples is checked at the X and T that it is told to have."""
    X, T = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, -1.0]]), np.array([[1.0], [0.0], [1.0]])
    net = Network([Dense(1, bias=False)], 2, "half_squared_error")
    assert check_backprop(lambda theta: X.T @ (X @ theta[:, None] - T) / 3, net, X=X, T=T).ok


def test_an_object_is_accepted_as_its_class_is():
    """An instance of code that updates itself is checked, too."""
    assert check_backprop(student(source=FORMS["a class that updates itself"])(), SMALL).ok


def test_a_step_upward_along_the_ascent_is_right():
    """Code that climbs the log-likelihood, gradient T − Y and W += …, is right."""
    source = (
        FORMS["a class that updates itself"].replace("(self.Y - T)", "(T - self.Y)").replace("-= self.lr", "+= self.lr")
    )
    assert check_backprop(student(source=source), SMALL).ok


MOONS = """
W, B, V = np.ones([2, 50]), np.ones([50]), np.ones([50])

def backprop(X1, X2, T):
    X = np.array([X1.flatten(), X2.flatten()]).T
    Z = X.dot(W) + B
    A = np.maximum(0, Z)
    Y = A.dot(V)
    DY = (-Y * T > 0) * (-T)
    DZ = np.outer(DY, V) * (Z > 0)
    DY = DY / X.shape[0]
    DZ = DZ / X.shape[0]
    DW = X.T @ DZ
    DB = DZ.mean(0)
    DV = A.T.dot(DY)
    return DW, DB, DV
"""
MOONS_NET = Network([Dense(50, "relu"), Dense(1, bias=False)], 2, "perceptron")


def test_the_bias_gradient_of_the_first_text_is_named():
    """DZ/N and then .mean(0): the hidden bias's gradient is divided by N twice, on 2-50-1 as the text has it."""
    report = check_backprop(student(source=MOONS), MOONS_NET)
    assert (names(report), report.wrong) == (["bias-mean"], ("db1",))


def test_the_first_text_mended_is_right():
    """With .sum(0) nothing is left to say; the module's arrays are what they were."""
    fun = student(("DZ.mean(0)", "DZ.sum(0)"), source=MOONS)
    assert check_backprop(fun, MOONS_NET).ok
    assert all((fun.__globals__[name] == 1.0).all() for name in "WBV")


# --- what is no student ----------------------------------------------------------------------------------------------


class WithoutArrays:
    """Holds nothing."""

    def forward(self, X):
        return X

    def backward(self, T):
        pass


class WithArguments(WithoutArrays):
    """Cannot be made without an argument."""

    def __init__(self, sizes):
        self.sizes = sizes


class WithoutForward:
    """Has no forward."""


class NeverMoves(WithoutArrays):
    """Keeps its arrays as they are."""

    def __init__(self):
        self.W1, self.b1, self.W2, self.b2 = np.ones((2, 2)), np.ones(2), np.ones((2, 1)), np.ones(1)


REFUSED = {
    "a number": (
        3,
        "student must be a function, a class, an object with methods or the path of a script, got a value of type int.",
    ),
    "None": (None, "student must be a function, a class, an object with methods or the path of a script, got None."),
    "unknown parameter": (
        lambda foo, X, T: foo,
        (
            "I do not know what to give to the parameter 'foo' of <lambda>. Wrap it, with what you give for …:\n"
            "def backprop(W1, b1, W2, b2, X, T):\n    return <lambda>(..., X, T)\ncheck_backprop(backprop, net)"
        ),
    ),
    "a third layer": (lambda W1, W3, X, T: W1, "I do not know what to give to the parameters 'W1', 'W3'"),
    "anything": (lambda *arguments: None, "I do not know what to give to the parameter 'arguments'"),
    "no parameters of the network": (lambda X, T: X, "reads no array of a module that could be each of W1 (2, 2)"),
    "a ufunc": (np.sin, ""),
    "without arrays": (WithoutArrays, "It holds no arrays. Is the network the one that the object is meant to be?"),
    "without forward": (WithoutForward, "I look for forward(X) and backward(T), or loss(X, y), or train(X, y)."),
    "made with arguments": (WithArguments, "It holds sizes (3,)."),
    "never moves": (NeverMoves, "returned no gradient, kept none in its arrays, and changed none of its parameters"),
}


@pytest.mark.parametrize(("other", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_run_is_refused_in_a_sentence(other, sentence):
    """The sentence says what was found, and what would be accepted."""
    with pytest.raises(InvalidValue) as caught:
        check_backprop(other, SMALL)
    assert sentence in str(caught.value)


def test_code_that_trains_for_many_rounds_in_a_call_is_refused(monkeypatch):
    """A check makes hundreds of calls: one that takes seconds is refused at once, and the sentence says what to do."""
    monkeypatch.setattr("chainrule.check.attempts.MOST_SECONDS", 0.05)

    def descend(W1, b1, X, T):
        began = time.process_time()
        while time.process_time() - began < 0.1:
            W1 = W1 - 1e-9 * X.T @ (X @ W1 + b1 - T)
        return W1, b1

    net = Network([Dense(1)], n_features=2)
    with pytest.raises(InvalidValue, match=r"takes 0\.\d seconds of processor time: .*epochs=1"):
        check_backprop(descend, net)


def test_code_that_ends_python_does_not_end_the_check():
    """sys.exit() is told as what the code raised, wherever it stands."""

    def leaves(W1, b1, W2, b2, X, T):
        raise SystemExit(3)

    class Leaves:
        def __init__(self):
            raise SystemExit(3)

        def train(self, X, y): ...

    report = check_backprop(leaves, SMALL)
    assert report.raised
    assert any("raised SystemExit" in clue for clue in report.clues)
    with pytest.raises(InvalidValue, match=r"cannot make a Leaves \(SystemExit: 3\)"):
        check_backprop(Leaves, SMALL)
