"""Settings: one function for several kinds of networks is checked in the kind that the network means."""

from __future__ import annotations

import importlib.util

import pytest
from tests.check.written import names

from chainrule import Dense, Network, check_backprop
from chainrule.check.word_settings import settings_of

TANH = Network([Dense(3, "tanh"), Dense(1)], n_features=2, loss="half_squared_error")
SIGMOID = Network([Dense(3, "sigmoid"), Dense(1)], n_features=2, loss="half_squared_error")
RELU = Network([Dense(3, "relu"), Dense(1)], n_features=2, loss="half_squared_error")
HEAD = "import numpy as np\n\n"
TRAINS = """
def fit(kind, X, y, hidden, seed):
    rng = np.random.RandomState(seed)
    W, b, V, c = rng.randn(2, hidden), np.zeros(hidden), rng.randn(hidden, 1), np.zeros(1)
    for _ in range(20):
        Z = X @ W + b
        A = np.tanh(Z) if kind == "tanh" else 1 / (1 + np.exp(-Z))
        D = (A @ V + c - y) / len(X)
        B = D @ V.T * (1 - A * A if kind == "tanh" else SLOPE)
        V = V - 0.1 * A.T @ D
        c = c - 0.1 * D.sum(axis=0)
        W = W - 0.1 * X.T @ B
        b = b - 0.1 * B.sum(axis=0)
    return W, b, V, c


samples = np.random.RandomState(0).randn(20, 2)
for kind in ("sigmoid", "tanh"):
    fit(kind, samples, samples[:, :1] * samples[:, 1:], 3, 0)
"""
COMPARED = """
def backprop(W1, b1, W2, b2, X, T, activation):
    Z1 = X @ W1 + b1
    if activation.lower() == "tanh":
        A1 = np.tanh(Z1)
        slope = 1 - A1**2
    elif activation in ("sigmoid", "logistic"):
        A1 = 1 / (1 + np.exp(-Z1))
        slope = SLOPE
    else:
        raise ValueError(activation)
    d = (A1 @ W2 + b2 - T) / len(X)
    dZ1 = d @ W2.T * slope
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ d, d.sum(axis=0)
"""
DEFAULT = COMPARED.replace("T, activation)", 'T, activation="sigmoid")')
MATCHED = """
def backprop(W1, b1, W2, b2, X, T, act):
    Z1 = X @ W1 + b1
    match act:
        case "tanh":
            A1 = np.tanh(Z1)
            slope = 1 - A1**2
        case "logistic":
            A1 = 1 / (1 + np.exp(-Z1))
            slope = SLOPE
    d = (A1 @ W2 + b2 - T) / len(X)
    dZ1 = d @ W2.T * slope
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ d, d.sum(axis=0)
"""
LOOKED_UP = """
FORTH = {"tanh": np.tanh, "sigm": lambda z: 1 / (1 + np.exp(-z))}
BACK = {"tanh": lambda A1: 1 - A1**2, "sigm": lambda A1: SLOPE}

def backprop(W1, b1, W2, b2, X, T, unit):
    A1 = FORTH[unit](X @ W1 + b1)
    d = (A1 @ W2 + b2 - T) / len(X)
    dZ1 = d @ W2.T * BACK[unit](A1)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ d, d.sum(axis=0)
"""
CLASS = """
class Net:
    def __init__(self, activation="tanh"):
        self.activation = activation
        self.W1, self.b1 = np.zeros((2, 3)), np.zeros(3)
        self.W2, self.b2 = np.zeros((3, 1)), np.zeros(1)

    def forward(self, X):
        self.X, Z = X, X @ self.W1 + self.b1
        self.A1 = np.tanh(Z) if self.activation == "tanh" else 1 / (1 + np.exp(-Z))
        self.Y = self.A1 @ self.W2 + self.b2
        return self.Y

    def backward(self, T):
        A1 = self.A1
        d = (self.Y - T) / len(T)
        slope = 1 - A1**2 if self.activation == "tanh" else SLOPE
        dZ1 = d @ self.W2.T * slope
        return self.X.T @ dZ1, dZ1.sum(axis=0), A1.T @ d, d.sum(axis=0)
"""
FORMS = {
    "trains": (TRAINS, "fit", "A * (1 - A)"),
    "compared": (COMPARED, "backprop", "A1 * (1 - A1)"),
    "default": (DEFAULT, "backprop", "A1 * (1 - A1)"),
    "matched": (MATCHED, "backprop", "A1 * (1 - A1)"),
    "looked up": (LOOKED_UP, "backprop", "A1 * (1 - A1)"),
    "class": (CLASS, "Net", "A1 * (1 - A1)"),
}


@pytest.fixture(params=FORMS.values(), ids=FORMS)
def form(request):
    return request.param


def written(folder, form, slope=""):
    """The code in a file of its own, as it stands for a student: its lines can be read."""
    text, name, right = form
    path = folder / "serves_two.py"
    path.write_text(HEAD + text.replace("SLOPE", slope or right))
    spec = importlib.util.spec_from_file_location("serves_two", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


@pytest.mark.parametrize("net", [TANH, SIGMOID], ids=["tanh", "sigmoid"])
def test_the_branch_that_the_network_means_is_checked(form, net, tmp_path):
    """Both are right, and both are accepted."""
    assert check_backprop(written(tmp_path, form), net).verdict == "right"


def test_a_mistake_in_the_other_branch_is_not_told(form, tmp_path):
    """The sigmoid's derivative is wrong, and the network has tanh."""
    assert check_backprop(written(tmp_path, form, "(1 - A1)" if form[1] != "fit" else "(1 - A)"), TANH).ok


def test_a_mistake_in_the_branch_that_is_meant_is_named(form, tmp_path):
    """The sigmoid's derivative is wrong, and the network has it."""
    report = check_backprop(written(tmp_path, form, "(1 - A1)" if form[1] != "fit" else "(1 - A)"), SIGMOID)
    assert report.verdict == "wrong"
    assert names(report) == ["derivative-miswritten"]
    if form[1] != "Net":
        assert all("activation-wrong" not in name for name in names(report))


def test_code_of_which_no_branch_is_meant_is_wrong_in_all(tmp_path):
    """Tanh or sigmoid, where a ReLU was asked for."""
    report = check_backprop(written(tmp_path, FORMS["class"]), RELU)
    assert report.verdict == "wrong"


def test_what_the_network_means_is_tried_first():
    """Words for activations and losses, in capitals or not; a word of its own that is as good is left alone."""

    def code(X, T, act, loss="mse", mode="fast"):
        if act in ("ReLU", "LeakyReLU", "Logistic") or loss in ("mse", "bce") or mode == "slow":
            return X, T
        return None

    assert settings_of(code, SIGMOID)[0] == {"act": "Logistic"}
    assert settings_of(code, RELU)[0] == {"act": "ReLU"}
