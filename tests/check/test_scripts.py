"""Scripts: a file that trains at its top level is checked as its author runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.check.written import as_module

from chainrule import Dense, InvalidValue, Network, check_backprop

if TYPE_CHECKING:
    from pathlib import Path

NET = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
BEGIN = """
import numpy as np
points = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
answers = np.array([[0.0], [1.0], [1.0], [0.0]])
rng = np.random.RandomState(1)
W1, b1 = rng.randn(2, 3), np.zeros(3)
W2, b2 = rng.randn(3, 1), np.zeros(1)
lr = 0.5
"""
ROUND = """
    H = np.tanh(points @ W1 + b1)
    P = 1 / (1 + np.exp(-(H @ W2 + b2)))
    d2 = (P - answers) / len(points)
    d1 = d2 @ W2.T * (1 - H ** 2)
    W2 -= lr * H.T @ d2
    b2 -= lr * d2.sum(axis=0)
    W1 -= lr * points.T @ d1
    b1 -= lr * d1.sum(axis=0)
"""
ONE_BY_ONE = """
    for x, t in zip(points, answers):
        h = np.tanh(x @ W1 + b1)
        p = 1 / (1 + np.exp(-(h @ W2 + b2)))
        d2 = p - t
        d1 = W2 @ d2 * (1 - h ** 2)
        W2 -= lr * np.outer(h, d2)
        b2 -= lr * d2
        W1 -= lr * np.outer(x, d1)
        b1 -= lr * d1
"""
CLASS = """
import numpy as np

class Net:
    def __init__(self, x, y):
        self.input, self.y = x, y
        self.w1, self.w2 = np.ones((x.shape[1], 3)) / 3, np.ones((3, 1)) / 5

    def go(self):
        self.h = np.tanh(self.input @ self.w1)
        self.out = 1 / (1 + np.exp(-(self.h @ self.w2)))

    def back(self):
        d2 = (self.out - self.y) / len(self.y)
        d1 = d2 @ self.w2.T * (1 - self.h ** 2)
        self.w2, self.w1 = self.w2 - 0.01 * self.h.T @ d2, self.w1 - 0.01 * self.input.T @ d1

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = np.array([[0.0], [1.0], [1.0], [0.0]])
net = Net(X, y)
for i in range(1500):
    net.go()
    net.back()
print(net.out)
"""

BODY = (BEGIN + "for epoch in range(40):" + ROUND).replace("\n", "\n    ")
NESTED = (
    BEGIN.split("W1, b1", maxsplit=1)[0]
    + "for lr in (0.1, 0.5):\n    W1, b1, W2, b2 = rng.randn(2, 3), np.zeros(3), rng.randn(3, 1), np.zeros(1)"
    + ("\nfor epoch in range(40):" + ROUND).replace("\n", "\n    ")
)
UNTOLD = """
import numpy as np
X, W1, b1 = np.ones((4, 2)), np.ones((2, 3)), np.ones(3)
W2, b2 = np.ones((3, 1)), np.ones(1)
for i in range(9):
    W1 -= X.T @ np.tanh(X @ W1)
    b1, W2, b2 = b1 - 1, W2 - 1, b2 - 1
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "my_network.py"
    path.write_text(text, encoding="utf-8")
    return path


FORMS = {
    "for": BEGIN + "for epoch in range(4000):" + ROUND,
    "while": BEGIN + "epoch = 0\nwhile epoch < 4000:" + ROUND + "    epoch += 1\n",
    "one sample after the other": BEGIN + "for epoch in range(4000):" + ONE_BY_ONE,
    "samples alone": BEGIN + ONE_BY_ONE.replace("\n    ", "\n"),
    "a loop in a loop": NESTED,
    "main()": f"def main():{BODY}\nmain()",
    "a guard": f'if __name__ == "__main__":{BODY}\n',
    "continue and break": BEGIN + "for epoch in range(40):" + ROUND + "    if epoch < 9: continue\n    break\n",
    "a rate of its own": (BEGIN + "for epoch in range(40):" + ROUND).replace("lr *", "0.003 *"),
    "counted samples": (BEGIN + "n = len(points)\nfor _ in range(9):" + ROUND).replace("/ len(points)", "/ n"),
    "other lines after": BEGIN + "for epoch in range(40):" + ROUND + "1 / 0\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_script_is_right_as_its_author_has_it(tmp_path: Path, text: str) -> None:
    """Whichever loop trains it, and whatever stands after that; what it changes is its own alone."""
    path = written(tmp_path, text)
    assert check_backprop(path, NET).verdict in ("right", "right up to a factor")
    assert check_backprop(str(path), NET).verdict in ("right", "right up to a factor")


@pytest.mark.parametrize("form", ["for", "one sample after the other", "a loop in a loop", "main()"])
def test_its_mistake_is_named(tmp_path: Path, form: str) -> None:
    """The derivative of tanh is left out; that each form is read is the test above."""
    wrong = FORMS[form].replace(" * (1 - H ** 2)", "").replace(" * (1 - h ** 2)", "")
    report = check_backprop(written(tmp_path, wrong), NET)
    assert report.verdict == "wrong"
    assert report.mistakes[0].name == "derivative-missing"


def test_an_object_that_a_loop_trains(tmp_path: Path) -> None:
    """It was made of the author's samples, and is made anew of ours."""
    net = Network([Dense(3, "tanh", bias=False), Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")
    assert check_backprop(written(tmp_path, CLASS), net).verdict.startswith("right")
    wrong = CLASS.replace("* (1 - self.h ** 2)", "* (1 - self.h)")
    assert check_backprop(written(tmp_path, wrong), net).verdict == "wrong"


def test_inputs_that_the_script_makes_of_others(tmp_path: Path) -> None:
    """A column of ones and classes as rows of 0 and 1 are made again of what we give."""
    text = """
import numpy as np
rng = np.random.RandomState(0)
data, labels = rng.randn(9, 4), rng.randint(0, 3, 9)
design = np.insert(data, 0, 1.0, axis=1)
hot = np.eye(3)[labels]
theta = np.zeros((5, 3))
for epoch in range(20):
    scores = np.exp(design @ theta)
    theta -= 0.001 * design.T @ (scores / scores.sum(axis=1, keepdims=True) - hot)
"""
    net = Network([Dense(3, "softmax")], n_features=4, loss="cross_entropy")
    assert check_backprop(written(tmp_path, text), net).verdict.startswith("right")


def test_a_module_is_the_script_that_it_is(tmp_path: Path) -> None:
    """It is read anew, and its own names stay as they are."""
    module = as_module(written(tmp_path, FORMS["for"].replace("4000", "3")))
    W1 = module.W1.copy()
    assert check_backprop(module, NET).verdict.startswith("right")
    assert np.array_equal(module.W1, W1)


SUMMED = """
def main():
    rng = np.random.RandomState(1)
    Ws, bs = [rng.randn(3, 2), rng.randn(1, 3)], [np.zeros((3, 1)), np.zeros((1, 1))]
    for _ in range(100):
        dWs, dbs = [np.zeros(W.shape) for W in Ws], [np.zeros(b.shape) for b in bs]
        for x, t in zip(points, answers):
            h = np.tanh(Ws[0] @ x[:, None] + bs[0])
            d = 1 / (1 + np.exp(-(Ws[1] @ h + bs[1]))) - t[:, None]
            dWs[1] += d @ h.T
            dbs[1] += d
            d = Ws[1].T @ d * (1 - h ** 2)
            dWs[0] += d @ x[None, :]
            dbs[0] += d
        Ws = [W - 0.3 / len(points) * dW for W, dW in zip(Ws, dWs)]
        bs = [b - 0.3 / len(points) * db for b, db in zip(bs, dbs)]

main()
"""


def test_a_sum_over_samples_is_judged_by_several(tmp_path: Path) -> None:
    """Of one sample its sum and the last are the same: a step that takes all is not taken for many of one each."""
    text = BEGIN + SUMMED
    assert check_backprop(written(tmp_path, text), NET).verdict.startswith("right")
    last = check_backprop(written(tmp_path, text.replace("dbs[0] += d", "dbs[0] = d")), NET)
    assert (last.verdict, [one.where for one in last.mistakes]) == ("wrong", ["layer 1"])
    unevenly = text.replace("0.3 / len(points) * db", "0.3 * db")
    assert check_backprop(written(tmp_path, unevenly), NET).verdict == "wrong"


REFUSED = {
    "nothing that trains": (BEGIN, "my_network.py has no loop at its top level"),
    "no Python": ("for for", "cannot be read as Python: invalid syntax"),
    "raises": (
        BEGIN + "1 / 0\nfor i in range(9): W1 -= 1\n",
        "my_network.py does not run as it is: in line 9 it raised ZeroDivisionError",
    ),
    "ends itself": (
        BEGIN + "import sys\nsys.exit(3)\nfor i in range(9): W1 -= 1\n",
        "my_network.py does not run as it is: in line 10 it raised RuntimeError: sys.exit(3) was called",
    ),
    "another network": (FORMS["for"].replace("(2, 3)", "(2, 4)").replace("(3", "(4"), "each of W1 (2, 3), b1 (3,)"),
    "a round that ends before a loop in it": (
        BEGIN + "while True:\n    if lr < 0: break\n    for i in range(9): W3 = i\n    lr -= 1\n",
        "my_network.py has no loop at its top level",
    ),
    "nothing": ("", "my_network.py has no loop at its top level"),
    "targets that nothing tells": (UNTOLD, "which of its values are its targets"),
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_checked_is_told(tmp_path: Path, text: str, sentence: str) -> None:
    """In a sentence that says what was looked for."""
    path = written(tmp_path, text)
    with pytest.raises(InvalidValue) as refusal:
        check_backprop(path, NET)
    assert sentence in str(refusal.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(InvalidValue, match=r"nowhere\.py cannot be read as Python: .*No such file"):
        check_backprop(tmp_path / "nowhere.py", NET)
