"""Forms that strangers hand over: scripts without a loop, training in functions and methods, a function a gradient."""

from __future__ import annotations

import linecache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from chainrule import Dense, Network, check_backprop

if TYPE_CHECKING:
    from pathlib import Path

NET = Network([Dense(3, "tanh", bias=False), Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")
LOGISTIC = Network([Dense(1, "sigmoid")], n_features=3, loss="log_loss")
ONCE = """
import numpy as np
entry = np.array([0.4, -0.9])
aim = 1.0
speed = 0.25
v_entry_mid = np.array([[0.3, -0.2, 0.5], [0.1, 0.8, -0.4]])
v_mid_end = np.array([0.2, -0.6, 0.7])
mid = np.tanh(entry @ v_entry_mid)
end = 1 / (1 + np.exp(-(mid @ v_mid_end)))
fault = aim - end
fault_mid = fault * v_mid_end * (1 - mid ** 2)
move_mid_end = speed * fault * mid
move_entry_mid = speed * np.outer(entry, fault_mid)
print(move_mid_end)
"""
ONCE_STEPPED = """
import numpy as np
X = np.array([[0.4, -0.9], [0.1, 0.3], [0.5, 0.5], [0.0, 1.0], [1.0, 0.2]])
y = np.array([[1.0], [0.0], [1.0], [1.0], [0.0]])
W1, W2 = np.ones((2, 3)) / 3, np.ones((3, 1)) / 5
A = np.tanh(X @ W1)
P = 1 / (1 + np.exp(-(A @ W2)))
d = (P - y) / len(X)
W1, W2 = W1 - 0.7 * X.T @ (d @ W2.T * (1 - A ** 2)), W2 - 0.7 * A.T @ d
"""
IN_A_FUNCTION = """
import numpy as np

def fitted(data, truth, pace=0.3, n=4000):
    U, V = np.ones((2, 3)) / 3, np.ones((3, 1)) / 5
    for k in range(n):
        A = np.tanh(data @ U)
        P = 1 / (1 + np.exp(-(A @ V)))
        if k > n:
            return U, V
        d = (P - truth) / len(data)
        U, V = U - pace * data.T @ (d @ V.T * (1 - A ** 2)), V - pace * A.T @ d
    return U, V

points = np.array([[0.4, -0.9], [0.1, 0.3], [0.5, 0.5], [0.0, 1.0], [1.0, 0.2]])
U, V = fitted(points, np.array([[1.0], [0.0], [1.0], [1.0], [0.0]]), n=3000)
"""
IN_A_METHOD = """
import numpy as np

class Brain:
    def __init__(self):
        self.U, self.V = np.ones((2, 3)) / 3, np.ones((3, 1)) / 5

    def out(self, data):
        self.A = np.tanh(data @ self.U)
        return 1 / (1 + np.exp(-(self.A @ self.V)))

    def train(self, data, truth, n):
        for _ in range(n):
            d = (self.out(data) - truth) / len(data)
            self.U, self.V = self.U - data.T @ (d @ self.V.T * (1 - self.A ** 2)), self.V - self.A.T @ d

points, answers = np.eye(2), np.array([[1.0], [0.0]])
brain = Brain()
brain.train(points, answers, 3000)
for point in points:
    print(brain.out(point))
"""
SLOPE = " * (1 - A ** 2)"


def written(folder: Path, text: str) -> Path:
    path = folder / "theirs.py"
    path.write_text(text, encoding="utf-8")
    return path


def functions_of(text: str, name: str) -> dict[str, Any]:
    """Run a module whose source Python can find."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space: dict[str, Any] = {"__name__": "theirs"}
    exec(compile(text, name, "exec"), space)  # noqa: S102 - text of this file
    return space


SCRIPTS = {"once": ONCE, "once, and stepped": ONCE_STEPPED, "a function": IN_A_FUNCTION, "a method": IN_A_METHOD}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_is_right_wherever_it_trains(tmp_path: Path, text: str) -> None:
    """Without a loop, in a function that it calls, in a method that it calls."""
    assert check_backprop(written(tmp_path, text), NET).verdict.startswith("right")


@pytest.mark.parametrize("text", [ONCE_STEPPED, IN_A_FUNCTION, IN_A_METHOD])
def test_its_mistake_is_named_there(tmp_path: Path, text: str) -> None:
    """The derivative of tanh is left out."""
    report = check_backprop(written(tmp_path, text.replace(SLOPE, "").replace(" * (1 - self.A ** 2)", "")), NET)
    assert [one.name for one in report.mistakes] == ["derivative-missing"]


def test_arrays_that_are_guessed_accuse_nobody(tmp_path: Path) -> None:
    """What a script computes is taken for its steps by its name and shape alone: then nothing is called wrong."""
    report = check_backprop(written(tmp_path, ONCE.replace(" * (1 - mid ** 2)", "")), NET)
    assert report.verdict == "undecided"
    assert "move_entry_mid" in str(report)


def test_a_loop_that_only_asks_an_object_is_no_training(tmp_path: Path) -> None:
    """What it keeps of the outputs changes, its weights do not."""
    asked = IN_A_METHOD.replace("brain.train(points, answers, 3000)", "").replace(
        "print(brain.out(point))", "brain.out(points)"
    )
    with pytest.raises(Exception, match="has no loop at its top level"):
        check_backprop(written(tmp_path, asked), NET)


MAIN = """
import numpy as np
PACE = 0.2

def made():
    data = np.array([[0.4, -0.9], [0.1, 0.3], [0.5, 0.5], [0.0, 1.0], [1.0, 0.2]])
    return data, (data.sum(axis=1, keepdims=True) > 0.5) * 1.0

def main():
    data, sought = made()
    U, V = np.ones((2, 3)) / 3, np.ones((3, 1)) / 5
    for _ in range(20):
        A = np.tanh(data @ U)
        d = 1 / (1 + np.exp(-(A @ V))) - sought
        U, V = U - PACE * data.T @ (d @ V.T * (1 - A ** 2)), V - PACE * A.T @ d
"""
EACH = """
import numpy as np

def net_of(X, w1, w2):
    A = np.tanh(X @ w1)
    return A, 1 / (1 + np.exp(-(A @ w2)))

def slope_w2(X, y, w1, w2):
    A, P = net_of(X, w1, w2)
    return A.T @ (P - y) / len(X)

def slope_w1(X, y, w1, w2):
    A, P = net_of(X, w1, w2)
    return X.T @ ((P - y) @ w2.T * (1 - A ** 2)) / len(X)
"""
CALLED = """
import numpy as np

def move(u, W1, W2, z):
    A = np.tanh(u @ W1)
    d = (1 / (1 + np.exp(-(A @ W2))) - z) / len(u)
    return u.T @ (d @ W2.T * (1 - A ** 2)), A.T @ d

def run(X, targets, W1, W2):
    for _ in range(9):
        g1, g2 = move(X, W1, W2, targets)
        W1, W2 = W1 - g1, W2 - g2
"""
FUNCTIONS = {
    "one that makes its own samples": (MAIN, "main"),
    "one for each gradient": (EACH, "slope_w1"),
    "one whose names are told where it is called": (CALLED, "move"),
}


@pytest.mark.parametrize(("text", "name"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_is_right_as_its_author_has_it(text: str, name: str) -> None:
    """And what is wrong with it has its name."""
    assert check_backprop(functions_of(text, f"<{name}>")[name], NET).verdict.startswith("right")
    wrong = check_backprop(functions_of(text.replace(SLOPE, ""), f"<{name} wrong>")[name], NET)
    assert [one.name for one in wrong.mistakes] == ["derivative-missing"]


def test_a_function_for_one_gradient_that_asks_for_what_another_returns_stands_alone() -> None:
    """The error of the other is not ours to give."""
    text = EACH.replace("def slope_w1(X, y, w1, w2)", "def slope_w1(X, y, w1, w2, delta)")
    assert not check_backprop(functions_of(text, "<asks>")["slope_w2"], NET).mistakes


class HoldsItsData:
    """Its inputs have a name that tells nothing, and the shape of its first weights, transposed."""

    def __init__(self) -> None:
        self.stuff = np.ones((3, 2))
        self.one, self.two = np.ones((2, 3)) / 3, np.ones((3, 1)) / 5
        self.y = np.array([[1.0], [0.0], [1.0]])

    def forward(self) -> None:
        self.A = np.tanh(self.stuff @ self.one)
        self.P = 1 / (1 + np.exp(-(self.A @ self.two)))

    def backward(self) -> None:
        d = self.P - self.y
        self.one, self.two = self.one - self.stuff.T @ (d @ self.two.T * (1 - self.A**2)), self.two - self.A.T @ d


def test_data_of_an_object_are_known_by_their_shape() -> None:
    """As many rows as its targets have."""
    assert check_backprop(HoldsItsData(), NET).verdict.startswith("right")


class HoldsTransposed:
    """A list of weights of a row for each unit: transposed, they have the shapes of each other's layers."""

    def __init__(self) -> None:
        self.weights = [np.arange(6.0).reshape(3, 2) / 7, np.arange(6.0).reshape(2, 3) / 9]

    def backward(self, X: Any, T: Any) -> Any:
        U, V = self.weights
        A = np.tanh(X @ U.T)
        d = (A @ V.T - T) / len(X)
        return (d @ V * (1 - A**2)).T @ X, d.T @ A


def test_layers_of_an_object_are_in_its_order_before_their_shapes_are_untransposed() -> None:
    """Read as they stand, the second matrix would be the first layer's."""
    net = Network([Dense(3, "tanh", bias=False), Dense(2, "identity", bias=False)], 2, loss="half_squared_error")
    assert check_backprop(HoldsTransposed(), net).verdict.startswith("right")


class TakesRows:
    """Trains on rows; ``keys`` says how it takes them apart."""

    def __init__(self) -> None:
        self.W1, self.W2, self.rate = np.ones((2, 3)) / 3, np.ones((3, 1)) / 5, 0.1

    def one(self, x: Any, t: Any) -> None:
        A = np.tanh(x @ self.W1)
        d = 1 / (1 + np.exp(-(A @ self.W2))) - t
        e = self.W2 @ d * (1 - A**2)
        self.W1, self.W2 = self.W1 - self.rate * np.outer(x, e), self.W2 - self.rate * np.outer(A, d)


class TargetsFirst(TakesRows):
    """Wants pairs of targets and inputs."""

    def train(self, rows: Any) -> None:
        for expected, inputs in rows:
            self.one(inputs, expected)


class ByKeys(TakesRows):
    """Wants dicts."""

    def train(self, rows: Any) -> None:
        for row in rows:
            self.one(row["input"], row["target"])


@pytest.mark.parametrize("kind", [TargetsFirst, ByKeys])
def test_samples_are_given_as_they_are_taken_apart(kind: type) -> None:
    """Targets before inputs, or by the keys that the code reads."""
    assert check_backprop(kind(), NET).verdict.startswith("right")


def of_a_row(beta: Any, X: Any, y: Any) -> Any:
    """Parameters are a matrix of one row, the bias first."""
    return (1 / (1 + np.exp(-X @ beta.T)) - y.reshape(len(X), -1)).T @ X


def test_parameters_of_one_unit_may_be_a_matrix() -> None:
    """beta beside inputs and targets alone is no momentum."""
    assert check_backprop(of_a_row, LOGISTIC).verdict.startswith("right")


def for_each_sample(W1: Any, W2: Any, X: Any, T: Any) -> Any:
    """Right, and in a form that the check does not know: a gradient for each sample."""
    A = np.tanh(X @ W1)
    d = 1 / (1 + np.exp(-(A @ W2))) - T
    return np.einsum("ni,nj->nij", X, d @ W2.T * (1 - A**2)), np.einsum("ni,nj->nij", A, d)


def in_one_matrix(W1: Any, W2: Any, X: Any, T: Any) -> Any:
    """The same, as a matrix of a row for each sample."""
    return np.hstack([one.reshape(len(X), -1) for one in for_each_sample(W1, W2, X, T)])


@pytest.mark.parametrize("own", [for_each_sample, in_one_matrix])
def test_arrays_of_an_unknown_form_accuse_nobody(own: Any) -> None:
    """Their shapes alone say nothing of a mistake: what the check needs is told."""
    report = check_backprop(own, NET)
    assert (report.verdict, report.mistakes) == ("undecided", ())
    assert "let it return its outputs or its loss" in str(report)


@pytest.mark.parametrize("with_outputs", [True, False])
def test_an_error_of_every_target_is_named_by_what_shows_it(with_outputs: bool) -> None:
    """By outputs that are the network's, or by gradients that are linear in all targets."""

    def backward(W1: Any, W2: Any, X: Any, T: Any) -> Any:
        A = np.tanh(X @ W1)
        Y = 1 / (1 + np.exp(-(A @ W2)))
        d = Y - T.ravel()
        back = d.sum(axis=1, keepdims=True) @ W2.T * (1 - A**2)
        return (Y, X.T @ back, A.T @ d) if with_outputs else (X.T @ back, A.T @ d)

    assert [one.name for one in check_backprop(backward, NET).mistakes] == ["broadcast"]


def test_a_wrapper_leaves_open_what_a_forward_pass_has_to_give() -> None:
    """Z1 is no argument of the wrapper: to write it there would raise a NameError of ours in the student's code."""
    net = Network([Dense(3, "tanh"), Dense(2, "sigmoid")], n_features=2, loss="half_squared_error")

    def back(Z1, A1, Z2, A2, W2, X, Y):
        return np.sum(A2 - Y, 7), Z1, A1, Z2, W2, X

    said = str(check_backprop(back, net))
    assert "return back(..., ..., ..., ..., W2, X, T)" in said


class Unit:
    """A unit that keeps the weights to the next layer."""

    def __init__(self, weights: list[float]) -> None:
        self.value, self.weights = 0.0, weights


class UnitsInLists:
    """A net whose units of the first layer are called its inputs."""

    rate = 0.1

    def __init__(self, factor: float = 1.0) -> None:
        rng = np.random.RandomState(0)
        self.inputs = [Unit(rng.normal(size=3).tolist()) for _ in range(2)]
        self.hidden = [Unit([float(rng.normal())]) for _ in range(3)]
        self.out, self.factor = 0.0, factor

    def forward(self, row: Any) -> float:
        """Set the value of every unit."""
        for unit, value in zip(self.inputs, row, strict=True):
            unit.value = value
        for k, unit in enumerate(self.hidden):
            unit.value = float(np.tanh(sum(one.weights[k] * one.value for one in self.inputs)))
        self.out = 1 / (1 + float(np.exp(-sum(one.weights[0] * one.value for one in self.hidden))))
        return self.out

    def backward(self, target: Any) -> None:
        """Step by one sample."""
        top = target - self.out
        below = [top * unit.weights[0] * (1 - unit.value**2) * self.factor for unit in self.hidden]
        for unit in self.hidden:
            unit.weights[0] += self.rate * top * unit.value
        for unit in self.inputs:
            for k, error in enumerate(below):
                unit.weights[k] += self.rate * error * unit.value


def test_units_that_are_called_inputs_are_no_samples() -> None:
    """They keep the weights: data in their place would have none."""
    report = check_backprop(UnitsInLists(), NET)
    assert report.verdict.startswith("right"), str(report)
    assert [one.where for one in check_backprop(UnitsInLists(factor=3.0), NET).mistakes] == ["dW1"]


class UnitsOfOneWeight(UnitsInLists):
    """The same, and it cannot be called."""

    def backward(self, target: Any) -> None:
        """Ask for what nobody has."""
        raise RuntimeError


def test_a_wrapper_names_no_place_that_cannot_be_set() -> None:
    """One weight of each of several units is set by no line of Python."""
    said = str(check_backprop(UnitsOfOneWeight(), NET))
    assert "RuntimeError" in said
    assert "*" not in said.rsplit("def ", maxsplit=1)[-1]
    assert "# let it hold W1, W2" in said


def stepped_by_a_row(W1: Any, b1: Any, W2: Any, b2: Any, X: Any, T: Any, lr: float = 0.5) -> Any:
    """Return other parameters, the biases as rows, whatever they were."""
    A = np.tanh(X @ W1 + b1)
    d2 = 1 / (1 + np.exp(-(A @ W2 + b2))) - T
    d1 = d2 @ W2.T * (1 - A**2)
    W1, b1 = W1 - lr * X.T @ d1, b1 - lr * d1.sum(axis=0, keepdims=True)
    return W1, b1, W2 - lr * A.T @ d2, b2 - lr * d2.sum(axis=0, keepdims=True)


def test_parameters_that_come_back_as_rows_are_a_step() -> None:
    """A vector plus a row is a row: it is the same bias."""
    net = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    report = check_backprop(stepped_by_a_row, net)
    assert report.verdict.startswith("right"), str(report)
