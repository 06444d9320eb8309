"""Code is called in its author's order: it may need a forward pass, a loss or an update that stands beside it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.check.forward_and_back import model_back
from tests.check.outputs_alone import backward_of_outputs
from tests.check.written import names, sigmoid, student

from chainrule import Dense, Network, check_backprop
from chainrule.errors import InvalidValue

NET = Network([Dense(3, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
CLASSES = Network([Dense(4, "relu"), Dense(3, "softmax")], n_features=2, loss="cross_entropy")
LINE = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")

MODULE = """
rng = np.random.RandomState(0)
W1, b1, W2, b2 = rng.normal(size=(2, 3)), np.zeros((1, 3)), rng.normal(size=(3, 1)), np.zeros((1, 1))

def forward(X):
    global A1, A2
    A1 = sigmoid(X @ W1 + b1)
    A2 = sigmoid(A1 @ W2 + b2)
    return A2

def backward(X, y, learning_rate=0.01):
    global W1, b1, W2, b2
    d2 = (A2 - y) * A2 * (1 - A2) / len(X)
    d1 = d2 @ W2.T * A1 * (1 - A1)
    W2 -= learning_rate * A1.T @ d2
    b2 -= learning_rate * d2.sum(axis=0, keepdims=True)
    W1 -= learning_rate * X.T @ d1
    b1 -= learning_rate * d1.sum(axis=0, keepdims=True)
"""


def test_a_backward_pass_runs_after_the_forward_pass_of_its_module():
    """The module is left as it was: its arrays, and no values of a forward pass that nobody ran."""
    function = student(source=MODULE, name="backward")
    space = function.__globals__
    before = {name: space[name].copy() for name in ("W1", "b1", "W2", "b2")}
    assert check_backprop(function, NET).verdict == "right"
    assert all(np.array_equal(space[name], array) for name, array in before.items())
    assert not {"A1", "A2"} & space.keys()


def test_its_mistake_is_named():
    """The bias's step is that of a mean, where 1/N is in the error already."""
    mean = ("d2.sum(axis=0, keepdims=True)", "d2.mean(axis=0)")
    function = student(mean, source=MODULE, name="backward")
    assert names(check_backprop(function, NET)) == ["bias-mean"]


LAYERS = """
class Layer:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def update(self, eta):
        self.w -= eta * self.grad_w
        self.b -= eta * self.grad_b

class Middle(Layer):
    def forward(self, x):
        self.x, self.y = x, np.maximum(0, x @ self.w + self.b)

    def backward(self, grad_y):
        d = grad_y * (self.y > 0)
        self.grad_w, self.grad_b, self.grad_x = self.x.T @ d, d.sum(axis=0), d @ self.w.T

class Last(Layer):
    def forward(self, x):
        e = np.exp(x @ self.w + self.b)
        self.x, self.y = x, e / e.sum(axis=1, keepdims=True)

    def backward(self, t):
        d = self.y - t
        self.grad_w, self.grad_b, self.grad_x = self.x.T @ d, d.sum(axis=0), d @ self.w.T

rng, eta = np.random.RandomState(0), 0.1
middle = Middle(rng.normal(size=(2, 4)), np.zeros(4))
last = Last(rng.normal(size=(4, 3)), np.zeros(3))

def forward_propagation(x):
    middle.forward(x)
    last.forward(middle.y)

def update_weights():
    last.update(eta)
    middle.update(eta)

def back_propagation(t):
    last.backward(t)
    middle.backward(last.grad_x)
"""


def test_layers_of_a_module_go_forward_backward_and_step():
    """Their gradient is that of the sum."""
    report = check_backprop(student(source=LAYERS, name="back_propagation"), CLASSES)
    assert report.verdict == "right up to a factor"
    assert "N times" in str(report)


class Linear:
    """Keeps what it computes, and returns nothing."""

    def __init__(self, n_inputs, n_units):
        rng = np.random.RandomState(n_inputs)
        self.weights, self.biases = rng.normal(size=(n_inputs, n_units)), np.zeros((1, n_units))

    def forward(self, inputs):
        self.inputs = inputs
        self.output = inputs @ self.weights + self.biases

    def backward(self, dvalues):
        self.dweights, self.dbiases = self.inputs.T @ dvalues, dvalues.sum(axis=0, keepdims=True)
        self.dinputs = dvalues @ self.weights.T


class Rectifier:
    """Keeps what it computes."""

    def forward(self, inputs):
        self.inputs, self.output = inputs, np.maximum(0, inputs)

    def backward(self, dvalues):
        self.dinputs = np.where(self.inputs > 0, dvalues, 0)


class SoftmaxLoss:
    """Is handed the outputs and the targets on the way back."""

    def forward(self, inputs, y_true):
        e = np.exp(inputs - inputs.max(axis=1, keepdims=True))
        self.output = e / e.sum(axis=1, keepdims=True)
        return float(-np.log((self.output * y_true).sum(axis=1)).mean())

    def backward(self, dvalues, y_true):
        self.dinputs = (dvalues - y_true) / len(dvalues)


def test_layers_in_a_list_keep_what_they_do_not_return():
    """The last one holds the loss, and asks for targets."""
    layers = [Linear(2, 4), Rectifier(), Linear(4, 3), SoftmaxLoss()]
    assert check_backprop(layers, CLASSES).verdict == "right"


CALLED = """
class Linear:
    def __init__(self, n_inputs, n_units):
        self.W, self.b, self.grads = rng.normal(size=(n_inputs, n_units)), np.zeros(n_units), {}

    def __call__(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, quark):
        self.grads["W"], self.grads["b"] = self.x.T @ quark, quark.sum(axis=0)
        return quark @ self.W.T

class Sigmoid:
    def __call__(self, x):
        self.y = sigmoid(x)
        return self.y

    def backward(self, quark):
        return quark * self.y * (1 - self.y)

class Model:
    def __init__(self):
        self.layers = [Linear(2, 3), Sigmoid(), Linear(3, 1), Sigmoid()]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, quark):
        for layer in self.layers[::-1]:
            quark = layer.backward(quark)

rng = np.random.RandomState(0)
model, lr = Model(), 0.1

def train_step(x, y):
    y_pred = model(x)
    model.backward((y_pred - y) / len(x))
    for layer in model.layers:
        if hasattr(layer, "W"):
            layer.W -= lr * layer.grads["W"]
            layer.b -= lr * layer.grads["b"]
"""


def test_layers_and_models_may_be_called():
    """Their forward pass is a call; what the backward pass is handed tells nothing by its name, and is ∂loss/∂Y."""
    model = student(source=CALLED, name="model")
    assert check_backprop(model.layers, NET).verdict == "right"
    report = check_backprop(model, NET)
    assert report.verdict == "right"
    assert "'quark' is taken for ∂loss/∂Y" in str(report)


def test_a_model_that_is_called_is_left_as_it_was():
    """A step of a function of the module moves a copy."""
    function = student(source=CALLED, name="train_step")
    before = function.__globals__["model"].layers[0].W.copy()
    assert check_backprop(function, NET).verdict == "right"
    assert np.array_equal(function.__globals__["model"].layers[0].W, before)


class LossBetween:
    """Keeps the targets in its loss; the backward pass is given nothing."""

    def __init__(self):
        rng = np.random.RandomState(0)
        self.W1, self.b1, self.W2, self.b2 = rng.normal(size=(2, 3)), np.zeros(3), rng.normal(size=(3, 1)), np.zeros(1)
        self.lr = 0.5

    def forward(self, X):
        self.X, self.A = X, sigmoid(X @ self.W1 + self.b1)
        return sigmoid(self.A @ self.W2 + self.b2)

    def loss_function(self, y_pred, y):
        self.y_pred, self.y = y_pred, y
        return 0.5 * np.mean((y_pred - y) ** 2)

    def backward(self):
        d = (self.y_pred - self.y) * self.y_pred * (1 - self.y_pred) / len(self.X)
        e = d @ self.W2.T * self.A * (1 - self.A)
        self.steps = [self.X.T @ e, e.sum(axis=0), self.A.T @ d, d.sum(axis=0)]

    def update(self):
        for name, step in zip(("W1", "b1", "W2", "b2"), self.steps, strict=True):
            setattr(self, name, getattr(self, name) - self.lr * step)


def test_a_loss_between_forward_and_backward_is_called():
    """Then the update, whose step is the gradient."""
    assert check_backprop(LossBetween(), NET).verdict == "right"


class NumbersWithNames:
    """Two units and one, every weight a number with a name of its own."""

    def __init__(self):
        self.w1, self.w2, self.w3, self.w4, self.w5, self.w6 = 0.1, 0.2, 0.3, 0.4, 0.5, 0.6
        self.b1 = self.b2 = self.b3 = 0.0

    def train(self, data, all_y_trues, learn_rate=0.1, epochs=1000):
        for _ in range(epochs):
            for x, t in zip(data, all_y_trues, strict=True):
                h1 = sigmoid(self.w1 * x[0] + self.w2 * x[1] + self.b1)
                h2 = sigmoid(self.w3 * x[0] + self.w4 * x[1] + self.b2)
                y = sigmoid(self.w5 * h1 + self.w6 * h2 + self.b3)
                d = 2 * (y - t) * y * (1 - y)
                d1, d2 = d * self.w5 * h1 * (1 - h1), d * self.w6 * h2 * (1 - h2)
                self.w1 -= learn_rate * d1 * x[0]
                self.w2 -= learn_rate * d1 * x[1]
                self.b1 -= learn_rate * d1
                self.w3 -= learn_rate * d2 * x[0]
                self.w4 -= learn_rate * d2 * x[1]
                self.b2 -= learn_rate * d2
                self.w5 -= learn_rate * d * h1
                self.w6 -= learn_rate * d * h2
                self.b3 -= learn_rate * d


def test_weights_may_be_numbers_with_names():
    """W1, w2 of the first unit, w3, w4 of the second, w5, w6 of the last."""
    net = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
    report = check_backprop(NumbersWithNames(), net)
    assert report.verdict == "right up to a factor"
    assert "2 times" in str(report)


def test_inputs_may_come_with_a_column_of_ones():
    """The caller's theta holds the bias first, or last."""

    def cost_gradient(theta, X, y):
        return X.T @ (sigmoid(X @ theta) - y) / len(y)

    assert check_backprop(cost_gradient, LINE).verdict == "right"


def test_a_name_that_tells_nothing_is_tried_and_said():
    """The report says what it was taken for."""

    def backprop(W1, b1, X, quux):
        d = (sigmoid(X @ W1 + b1) - quux) / len(X)
        return X.T @ d, d.sum(axis=0)

    def counted(W1, b1, X, T, zork):
        d = (sigmoid(X @ W1 + b1) - T) / zork
        return X.T @ d, d.sum(axis=0)

    report = check_backprop(counted, LINE)
    assert check_backprop(backprop, LINE).verdict == report.verdict == "right"
    assert "'zork' is taken for the number of samples" in str(report)


def test_what_nothing_fits_is_refused_with_its_wrapper():
    """It is not guessed."""

    def backprop(W1, b1, X, T, zork):
        d = (sigmoid(X @ W1 + b1) - T) / zork.count
        return X.T @ d, d.sum(axis=0)

    with pytest.raises(InvalidValue, match=r"(?s)'zork' of backprop.*return backprop\(W1, b1, X, T, \.\.\.\)"):
        check_backprop(backprop, LINE)


def test_code_that_does_not_run_as_it_is_called_is_not_called_wrong():
    """Nothing is known of its gradient; where and why it stopped is said, and what can be done."""

    def backprop(W1, b1, X, T):
        return T.nothing_of_the_kind

    report = check_backprop(backprop, LINE)
    assert (report.verdict, report.raised, report.mistakes) == ("undecided", True, ())
    assert str(report).startswith("undecided: your code does not run as I call it.")
    assert "nothing_of_the_kind" in str(report)
    assert "write the call yourself:\ndef backprop(W1, b1, X, T):" in str(report)


def test_weights_gradients_of_products_entry_by_entry_are_named():
    """Columns for samples: dZ * A where a matrix product belongs."""

    def backprop(X, Y, W1, b1, W2, b2):
        A1 = sigmoid(W1 @ X + b1)
        A2 = sigmoid(W2 @ A1 + b2)
        d2 = (A2 - Y) * A2 * (1 - A2)
        d1 = W2.T @ d2 * A1 * (1 - A1)
        return d1 @ X.T, d1, d2 * A1, d2

    assert set(names(check_backprop(backprop, NET))) == {"weights-not-summed", "bias-not-summed"}


def test_the_derivative_at_the_error_may_stand_alone():
    """DZ = f′(dA), without dA."""
    net = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")

    def backprop(W1, b1, W2, b2, X, T):
        A = np.tanh(X @ W1 + b1)
        d = (sigmoid(A @ W2 + b2) - T) / len(X)
        e = (1 - np.tanh(len(X) * d @ W2.T) ** 2) / len(X)
        return X.T @ e, e.sum(axis=0), A.T @ d, d.sum(axis=0)

    assert names(check_backprop(backprop, net)) == ["derivative-of-error"]


def test_alpha_is_a_penalty_where_a_gradient_is_returned():
    """And a rate where a step is taken."""
    net = Network([Dense(3, "softmax", bias=False)], n_features=2, loss="cross_entropy")

    def cross_entropy_grad(weights, x, t, alpha):
        Z = x @ weights.T
        Y = np.exp(Z - Z.max(axis=1, keepdims=True))
        return (Y / Y.sum(axis=1, keepdims=True) - t).T @ x / len(x) + alpha * weights

    report = check_backprop(cross_entropy_grad, net)
    assert report.verdict == "right up to a factor"
    assert "0.5 λ Σ W²" in str(report)


def test_labels_of_a_hinge_are_0_and_1():
    """Where the code makes −1 and 1 of them; db is a whole number of samples, and that is no cut number."""
    net = Network([Dense(1)], n_features=2, loss="hinge")

    def svm_gradient(w, b, X, y):
        c = 2 * y - 1
        d = -c * (c * (X @ w + b) < 1) / len(X)
        return X.T @ d, d.sum()

    assert check_backprop(svm_gradient, net).verdict == "right"


def test_patterns_are_pairs_to_learn_from():
    """A list of (inputs, targets) in one argument."""

    class Perceptrons:
        def __init__(self):
            self.w, self.b = np.zeros((2, 1)), np.zeros(1)

        def learn_all(self, patterns, rounds=100):
            for _ in range(rounds):
                for given, wanted in patterns:
                    d = sigmoid(given @ self.w + self.b) - wanted
                    self.w -= 0.001 * np.outer(given, d)
                    self.b -= 0.001 * d

    assert check_backprop(Perceptrons(), LINE).verdict != "wrong"


def test_letters_of_bishops_book_are_widths():
    """M hidden units and K outputs; what comes back are the outputs of one sample, and [b; W] of each layer."""
    net = Network([Dense(4, "sigmoid"), Dense(3, "sigmoid")], n_features=2, loss="log_loss")

    def back_through(x, wanted, M, K, W1, W2):
        z0 = np.append(1.0, x)
        z1 = np.append(1.0, [sigmoid(z0 @ W1[:, j]) for j in range(M)])
        y = [float(sigmoid(z1 @ W2[:, k])) for k in range(K)]
        d2 = np.array(y) - wanted
        d1 = z1[1:] * (1 - z1[1:]) * (W2[1:] @ d2)
        return y, np.outer(z0, d1), np.outer(z1, d2)

    assert check_backprop(back_through, net).verdict == "right"


def test_what_the_forward_pass_returns_by_name_is_handed_back():
    """A name that the forward pass returns is no name for inputs."""
    net = Network([Dense(3, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    assert check_backprop(model_back, net).verdict == "right"


class AddsUp:
    """Keeps sums of gradients of one sample after the other, and steps in a method of its own."""

    def __init__(self):
        self.w, self.b = np.ones((2, 1)), np.zeros((1, 1))
        self.RATE, self.w_grad, self.b_grad = 0.5, 0.0, 0.0

    def forward(self, given):
        self.x, self.y = given, sigmoid(given @ self.w + self.b)
        return self.y

    def add_gradients(self, grad_a):
        d = grad_a * self.y * (1 - self.y)
        self.w_grad = self.w_grad + self.x.T @ d
        self.b_grad = self.b_grad + d

    def apply(self):
        self.w -= self.RATE * self.w_grad
        self.b -= self.RATE * self.b_grad
        self.w_grad = self.b_grad = 0.0


def test_half_an_update_is_none():
    """With all samples at once w moves and b raises: it is called with one after the other, and is right."""
    assert check_backprop(AddsUp(), LINE).verdict == "right"


def test_new_parameters_are_found_beside_what_else_is_returned():
    """A history of costs, and then theta."""

    def gradient_descent(X, y, params, learning_rate, iterations):
        costs = np.zeros((iterations, 1))
        for i in range(iterations):
            params = params - learning_rate / len(y) * X.T @ (sigmoid(X @ params) - y)
            costs[i] = 1.0
        return costs, params

    assert check_backprop(gradient_descent, LINE).verdict == "right"


def test_outputs_come_from_the_forward_pass_beside():
    """Which returns nothing else."""
    assert check_backprop(backward_of_outputs, LINE).verdict == "right"


class TakesTargets(SoftmaxLoss):
    """Is handed the targets alone on the way back."""

    def forward(self, inputs):
        super().forward(inputs, np.ones((len(inputs), inputs.shape[1])))

    def backward(self, y_true):
        self.dinputs = (self.output - y_true) / len(y_true)


class PassesOn(TakesTargets):
    """Means to be handed P − Y."""

    def backward(self, dvalues):
        self.dinputs = dvalues


def test_the_last_layer_of_a_list_may_be_handed_targets_or_the_error_of_the_scores():
    """The second is told."""
    layers = [Linear(2, 4), Rectifier(), Linear(4, 3)]
    assert check_backprop([*layers, TakesTargets()], CLASSES).verdict == "right"
    report = check_backprop([*layers, PassesOn()], CLASSES)
    assert report.verdict == "right"
    assert "taken for Y − T" in str(report)


HELD_AND_READ = """
rng = np.random.RandomState(0)
network = {"W": rng.normal(size=(2, 1)), "b": np.zeros(1)}
lr, kept = 0.1, {}

def forward(X):
    kept["X"], kept["Y"] = X, sigmoid(X @ network["W"] + network["b"])

def update_weights():
    network["W"] -= lr * kept["dW"]
    network["b"] -= lr * kept["db"]

def backward(network, T):
    d = (kept["Y"] - T) / len(T)
    kept["dW"], kept["db"] = kept["X"].T @ d, d.sum(axis=0)
"""


def test_what_one_function_asks_for_another_may_read():
    """It is one and the same network."""
    assert check_backprop(student(source=HELD_AND_READ, name="backward"), LINE).verdict == "right"


def test_what_is_no_loss_of_targets_is_passed_over():
    """Builtins in attributes: of one Python tells no parameters, the other's are no targets."""

    class Odd(LossBetween):
        def __init__(self):
            super().__init__()
            self.cost_of, self.error_function = min, dict.fromkeys

    assert check_backprop(Odd(), NET).verdict == "right"


def test_alpha_is_a_rate_of_a_class_and_of_a_step():
    """Whatever their names say of gradients."""

    class GradientNet:
        def __init__(self, alpha=0.3):
            self.W, self.b, self.alpha = np.ones((2, 1)), np.zeros(1), alpha

        def train(self, X, T):
            d = (sigmoid(X @ self.W + self.b) - T) / len(X)
            self.W -= self.alpha * X.T @ d
            self.b -= self.alpha * d.sum(axis=0)

    def gradient_step(W, b, X, T, alpha):
        d = (sigmoid(X @ W + b) - T) / len(X)
        return W - alpha * X.T @ d, b - alpha * d.sum(axis=0)

    assert check_backprop(GradientNet, LINE).verdict == "right"
    assert check_backprop(gradient_step, LINE).verdict == "right"
