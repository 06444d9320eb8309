"""Four verdicts: right, right up to a factor, wrong, undecided; right code is not accused in any convention."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from tests.check.written import names, sigmoid, student

from chainrule import Dense, Network, check_backprop
from chainrule.check.edits.kinds import KINDS
from chainrule.errors import InvalidValue

BINARY = Network([Dense(4, "tanh"), Dense(1, "sigmoid")], n_features=3, loss="log_loss")
CLASSES = Network([Dense(4, "tanh"), Dense(3, "softmax")], n_features=2, loss="cross_entropy")
SQUARES = Network([Dense(4, "sigmoid"), Dense(3, "sigmoid")], n_features=2, loss="half_squared_error")

SOFTMAX = """
def backprop(W1, b1, W2, b2, X, T):
    A1 = np.tanh(X @ W1 + b1)
    E = np.exp(A1 @ W2 + b2)
    Y = E / E.sum(axis=1, keepdims=True)
    loss = -(T * np.log(Y)).sum() / len(X)
    d = FACTOR * (Y - T)
    dZ1 = d @ W2.T * (1 - A1**2)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ d, d.sum(axis=0)
"""
SIZES = {"": "1.0", "N": "len(X)", "K": "1 / 3", "NK": "len(X) / 3"}
GRID = list(itertools.product(("1", "-1", "2", "-2", "0.5", "-0.5"), SIZES))


def factor(sign, size):
    return f"{sign} * {SIZES[size]} / len(X)"


@pytest.mark.parametrize(("sign", "size"), GRID)
def test_one_factor_of_the_grid_is_no_accusation(sign, size):
    """±{1, 2, ½} × {1, N} × {1, 1/K} times the right gradient: right, or right up to that factor."""
    report = check_backprop(student(("FACTOR", factor(sign, size)), source=SOFTMAX), CLASSES)
    assert report.verdict == ("right" if (sign, size) == ("1", "") else "right up to a factor"), str(report)
    assert report.ok == (report.verdict == "right")
    assert str(report).startswith(report.verdict)
    assert all(one.confidence == 0.5 for one in report.mistakes)


STATED = {
    ("-1", ""): "ascent",
    ("1", "N"): "sum",
    ("2", ""): "double",
    ("0.5", ""): "half",
    ("1", "K"): "mean-over-outputs",
}


@pytest.mark.parametrize("key", STATED, ids=STATED.values())
def test_a_stated_convention_is_right(key):
    """With the convention said the same gradient is right, and the sentence before had said which to say."""
    code = student(("FACTOR", factor(*key)), source=SOFTMAX)
    assert f'convention="{STATED[key]}"' in check_backprop(code, CLASSES).mistakes[0].remedy
    assert check_backprop(code, CLASSES, convention=STATED[key]).verdict == "right"


def test_several_conventions_are_right_together():
    """Ascent of a sum: two words, in any order."""
    code = student(("FACTOR", factor("-1", "N")), source=SOFTMAX)
    assert check_backprop(code, CLASSES, convention=["sum", "ascent"]).ok
    assert check_backprop(code, CLASSES, convention=["ascent", "sum"]).ok
    assert check_backprop(code, CLASSES, convention="sum").verdict == "right up to a factor"


def test_the_usual_gradient_is_not_the_stated_one():
    """The mean's gradient where a sum was stated: 1 / N times that."""
    report = check_backprop(student(("FACTOR", factor("1", "")), source=SOFTMAX), CLASSES, convention="sum")
    assert (
        report.headline
        == "right up to a factor: Your gradient is 1 / N times that of the loss in the stated convention."
    )


def test_an_unknown_convention_is_refused():
    """The sentence lists those there are."""
    with pytest.raises(InvalidValue, match="convention must be one or several of sum, ascent"):
        check_backprop(student(("FACTOR", "1"), source=SOFTMAX), CLASSES, convention="up")


LOSSES = {
    "three times": "-3 * (T * np.log(Y)).sum() / N",
    "plus a constant": "5.0 - (T * np.log(Y)).sum() / N",
    "eps in the log": "-(T * np.log(Y + 1e-6)).sum() / N",
    "label smoothing": "-((0.9 * T + 0.1 / 3) * np.log(Y)).sum() / N",
    "class weights": "-(T * np.array([1.0, 2.0, 3.0]) * np.log(Y)).sum() / N",
}
TOLD = SOFTMAX.replace("FACTOR * (Y - T)", "(Y - T) / len(X)").replace("-(T * np.log(Y)).sum() / len(X)", "LOSS")


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_an_unknown_loss_beside_the_networks_gradient_is_no_accusation(loss):
    """The gradient is that of cross-entropy, whatever loss is printed beside it."""
    source = TOLD.replace("LOSS", loss.replace("N", "len(X)")).replace("return X.T", "return loss, X.T")
    report = check_backprop(student(source=source), CLASSES)
    assert (report.ok, names(report)) == (True, []), str(report)


def test_the_gradient_of_an_unknown_loss_is_settled_by_differences():
    """Class weights in loss and gradient: right, because differences of the told loss say so."""
    source = TOLD.replace("LOSS", "-(T * w * np.log(Y)).sum() / len(X)").replace("return X.T", "return loss, X.T")
    source = source.replace("    A1 =", "    w = np.array([0.2, 1.0, 0.7])\n    A1 =")
    source = source.replace("(Y - T) / len(X)", "((T * w).sum(axis=1, keepdims=True) * Y - T * w) / len(X)")
    report = check_backprop(student(source=source), CLASSES)
    assert report.ok, str(report)
    assert "its derivative, by differences" in report.conventions[0]
    wrong = source.replace("X.T @ dZ1", "X.T @ dZ1 * (1 + np.arange(4) / 10)")
    assert check_backprop(student(source=wrong), CLASSES).verdict == "wrong"


ONE_LAYER = Network([Dense(1)], 2, "half_squared_error")
SCALARS = {
    "db": "return X.T @ d, d.sum()",
    "db and the loss": "return X.T @ d, d.sum(), (r * r).sum() / 2 / len(X)",
    "the loss and db": "return (r * r).sum() / 2 / len(X), X.T @ d, d.sum()",
    "a loss per sample": "return r * r / 2 / len(X), X.T @ d, d.sum(axis=0)",
    "a loss per sample, no mean": "return r * r / 2, X.T @ d, d.sum(axis=0)",
    "outputs": "return X @ W1 + b1, X.T @ d, d.sum(axis=0)",
}


@pytest.mark.parametrize("returned", SCALARS.values(), ids=SCALARS)
def test_a_number_is_a_loss_only_if_the_blocks_are_complete_without_it(returned):
    """A bias's gradient of one number is no loss; a loss of one number a sample is one."""
    source = f"def backprop(W1, b1, X, T):\n    r = X @ W1 + b1 - T\n    d = r / len(X)\n    {returned}\n"
    assert check_backprop(student(source=source), ONE_LAYER).verdict == "right"


@pytest.mark.parametrize("own", [False, True])
def test_a_random_code_is_undecided(own):
    """Dropout without a seed, or from a stream of one's own: the report asks for one, and names no mistake."""
    draw = np.random.RandomState(0).rand if own else np.random.rand

    def backprop(W1, b1, W2, b2, X, T):
        A1 = np.tanh(X @ W1 + b1) * (draw(len(X), 4) > 0.5)
        d = (sigmoid(A1 @ W2 + b2) - T) / len(X)
        dZ1 = d @ W2.T * (1 - A1**2)
        return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ d, d.sum(axis=0)

    before = np.random.get_state()[1].copy()
    report = check_backprop(backprop, BINARY)
    assert (report.verdict, names(report)) == ("undecided", [])
    assert "Fix its seed" in report.clues[0]
    assert str(report).startswith("undecided")
    assert before.shape == np.random.get_state()[1].shape


@pytest.mark.parametrize("name", ["weight_decay", "regularization", "reg", "lam", "lambd", "l2"])
def test_every_name_of_a_penalty_gets_a_strength(name):
    """A penalty of the wrong sign is seen, whatever its parameter is called."""
    source = (
        f"def backprop(W1, b1, X, T, {name}):\n    d = (X @ W1 + b1 - T) / len(X)\n"
        f"    return X.T @ d SIGN 2 * {name} * W1, d.sum(axis=0)\n"
    )
    assert check_backprop(student(source=source.replace("SIGN", "+")), ONE_LAYER).verdict == "right"
    assert names(check_backprop(student(source=source.replace("SIGN", "-")), ONE_LAYER)) == ["penalty-sign"]


def test_a_forgotten_penalty_is_no_factor():
    """It is wrong, even where no loss is told."""
    source = "def backprop(W1, b1, X, T, l2):\n    d = (X @ W1 + b1 - T) / len(X)\n    return X.T @ d, d.sum(axis=0)\n"
    report = check_backprop(student(source=source), ONE_LAYER)
    assert (report.verdict, names(report)) == ("wrong", ["penalty-missing"])


PLAIN = """
def backprop(W1, b1, W2, b2, X, T):
    A1 = sigmoid(X @ W1 + b1)
    Y = sigmoid(A1 @ W2 + b2)
    e = (Y - T) / len(X)
    d = e * Y * (1 - Y)
    dA1 = d @ W2.T
    dZ1 = dA1 * A1 * (1 - A1)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ d, d.sum(axis=0)
"""
NAMED = {
    "output's slope missing on the way back": (("dA1 = d @ W2.T", "dA1 = e @ W2.T"), "output-derivative-missing"),
    "output's slope missing in its own gradient": (("A1.T @ d, d.sum", "A1.T @ e, e.sum"), "output-derivative-missing"),
    "db from dA": (("dZ1.sum(axis=0)", "dA1.sum(axis=0)"), "bias-from-dA"),
    "the error rectified": (("dA1 * A1 * (1 - A1)", "sigmoid(dA1)"), "activation-of-error"),
    "slope at the error": (("dA1 * A1 * (1 - A1)", "dA1 * dA1 * (1 - dA1)"), "derivative-of-error"),
    "weights for inputs": (("X.T @ dZ1", "W1 * dZ1.sum(axis=0)"), "weights-for-input"),
    "np.sum without an axis": (("d.sum(axis=0)\n", "np.sum(d)\n"), "bias-sum-axis"),
    "db not summed": (("A1.T @ d, d.sum(axis=0)", "A1.T @ d, d"), "bias-not-summed"),
    "db summed over the units": (("A1.T @ d, d.sum(axis=0)", "A1.T @ d, d.sum(axis=1)"), "bias-sum-axis"),
    "e^{+z}": (("A1 = sigmoid(X @ W1 + b1)", "A1 = sigmoid(-(X @ W1 + b1))"), "exponent-sign"),
    "four times one block": (("X.T @ dZ1", "4 * X.T @ dZ1"), "factor"),
}


@pytest.mark.parametrize(("edit", "name"), NAMED.values(), ids=NAMED)
def test_what_was_met_in_public_code_has_its_name(edit, name):
    """Each of these was met in homework, a tutorial, a book or a question thread."""
    report = check_backprop(student(edit, source=PLAIN), SQUARES)
    assert report.verdict == "wrong"
    assert name in {told for one in report.mistakes for told in (one.name, *one.also)}, str(report)


def test_every_factor_is_told():
    """4 times one block and twice another: both numbers are given."""
    report = check_backprop(
        student(("X.T @ dZ1", "4 * X.T @ dZ1"), ("A1.T @ d,", "2 * A1.T @ d,"), source=PLAIN), SQUARES
    )
    assert report.verdict == "wrong"
    assert "dW1 is 4 times" in str(report)
    assert "dW2 is 2 times" in str(report) or "twice" in str(report)


def test_an_ascent_with_a_mistake_is_not_accused_of_its_sign():
    """The convention in which most blocks are right is chosen before anything is named."""
    report = check_backprop(
        student(("(Y - T)", "(T - Y)"), ("dZ1.sum(axis=0)", "dZ1.mean(axis=0)"), source=PLAIN), SQUARES
    )
    assert names(report) == ["bias-mean"]
    assert "the code climbs" in report.notes[-1]


def test_a_mistake_in_every_slope_says_so():
    """Where the output's f′ is wrong too it is not every hidden layer alone."""
    report = check_backprop(student(("e * Y * (1 - Y)", "e"), ("dA1 * A1 * (1 - A1)", "dA1"), source=PLAIN), SQUARES)
    assert "every layer, the output's too" in report.mistakes[0].where


SOFTMAX_DIAGONAL = SOFTMAX.replace("FACTOR * (Y - T)", "-T / Y * Y * (1 - Y) / len(X)")


def test_a_diagonal_softmax_jacobian_has_its_name():
    """y (1 − y) for the softmax's derivative after −t/y."""
    assert names(check_backprop(student(source=SOFTMAX_DIAGONAL), CLASSES)) == ["softmax-diagonal"]


def test_the_page_lists_every_mistake_that_has_a_name():
    """The table of docs/checking.md has the names and the sentences of the code, in its order."""
    page = (Path(__file__).parents[2] / "docs" / "checking.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (.*) \|$", page, re.MULTILINE)
    assert rows == [(name, kind.sentence.replace("{where}", "…")) for name, kind in KINDS.items()]
