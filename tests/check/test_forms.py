"""Code is accepted as its author has it: dicts, caches, samples as columns, methods of objects, labels, one sample."""

from __future__ import annotations

import numpy as np
import pytest
from tests.check.written import names, sigmoid

from chainrule import Dense, Network, check_backprop

NET = Network([Dense(3, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
CLASSES = Network([Dense(4, "relu"), Dense(3, "softmax")], n_features=2, loss="cross_entropy")


class Stores:
    """Keeps H, Y in forward, updates its own arrays in backward."""

    def __init__(self):
        self.U, self.c, self.V, self.d = np.ones((2, 3)), np.ones(3), np.ones((3, 1)), np.ones(1)
        self.lr = 0.5

    def forward(self, X):
        self.X = X
        self.H = sigmoid(X @ self.U + self.c)
        self.Y = sigmoid(self.H @ self.V + self.d)
        return self.Y

    def gradients_at(self, T):
        e = (self.Y - T) * self.Y * (1 - self.Y) / len(T)
        h = e @ self.V.T * self.slope()
        return self.X.T @ h, h.sum(axis=0), self.H.T @ e, e.sum(axis=0)

    def slope(self):
        return self.H * (1 - self.H)

    def backward(self, T):
        dU, dc, dV, dd = self.gradients_at(T)
        self.U -= self.lr * dU
        self.c -= self.lr * dc
        self.V -= self.lr * dV
        self.d -= self.lr * dd


class Returns(Stores):
    """Returns the gradients."""

    def backward(self, T):
        return self.gradients_at(T)


class Keeps(Stores):
    """Keeps the gradients in arrays of its own."""

    def backward(self, T):
        self.dU, self.dc, self.dV, self.dd = self.gradients_at(T)


class InDict(Stores):
    """Parameters and gradients in dicts, found by the numbers in their names."""

    def __init__(self):
        self.params = {"W2": np.ones((3, 1)), "b2": np.ones(1), "W1": np.ones((2, 3)), "b1": np.ones(3)}

    def loss(self, X, y, reg=0.0):
        p = self.params
        H = sigmoid(X @ p["W1"] + p["b1"])
        Y = sigmoid(H @ p["W2"] + p["b2"])
        e = (Y - y) * Y * (1 - Y) / len(X)
        h = e @ p["W2"].T * self.slope_of(H)
        loss = 0.5 * ((Y - y) ** 2).sum() / len(X) + reg * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())
        grads = {"W2": H.T @ e + 2 * reg * p["W2"], "b2": e.sum(axis=0)}
        grads |= {"W1": X.T @ h + 2 * reg * p["W1"], "b1": h.sum(axis=0)}
        return loss, grads

    forward = backward = None

    def slope_of(self, H):
        return H * (1 - H)


class InLists:
    """Lists of weights and biases, one sample at a time as a column: backprop(x, y)."""

    def __init__(self):
        self.weights = [np.ones((3, 2)), np.ones((1, 3))]
        self.biases = [np.ones((3, 1)), np.ones((1, 1))]

    def backprop(self, x, y):
        a1 = sigmoid(self.weights[0] @ x + self.biases[0])
        a2 = sigmoid(self.weights[1] @ a1 + self.biases[1])
        d2 = (a2 - y) * a2 * (1 - a2)
        d1 = self.weights[1].T @ d2 * self.slope(a1)
        return [d1, d2], [d1 @ x.T, d2 @ a1.T]

    def slope(self, a):
        return a * (1 - a)


class Layer:
    """A layer that keeps W, b and their gradients."""

    def __init__(self, n_in, n_out):
        self.W, self.b = np.ones((n_in, n_out)), np.zeros((1, n_out))

    def forward(self, X):
        self.X = X
        self.A = sigmoid(X @ self.W + self.b)
        return self.A

    def backward(self, dA):
        dZ = dA * self.A * (1 - self.A)
        self.dW, self.db = self.X.T @ dZ, dZ.sum(axis=0, keepdims=True)
        return dZ @ self.W.T


class OfLayers:
    """A list of layers."""

    def __init__(self):
        self.layers = [Layer(2, 3), Layer(3, 1)]

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        self.out = X
        return X

    def backward(self, y):
        d = (self.out - y) / len(y)
        for layer in reversed(self.layers):
            d = layer.backward(d)


class Momentum(Stores):
    """Steps with momentum: its second step from one place is longer than the first."""

    def __init__(self):
        super().__init__()
        self.velocity = [0.0] * 4

    def backward(self, T):
        for k, (name, g) in enumerate(zip("UcVd", self.gradients_at(T), strict=True)):
            self.velocity[k] = 0.9 * self.velocity[k] - self.lr * g
            setattr(self, name, getattr(self, name) + self.velocity[k])


class LateFirst:
    """Defines W2 before a W1 of the same shape: the names say which is which."""

    def __init__(self):
        self.W2, self.W1 = np.ones((2, 2)), np.zeros((2, 2))
        self.lr = 0.1

    def forward(self, X):
        self.X, self.H = X, np.tanh(X @ self.W1)
        self.Y = self.H @ self.W2
        return self.Y

    def backward(self, T):
        d = (self.Y - T) / len(T)
        h = d @ self.W2.T * (1 - self.H**2)
        self.W2 = self.W2 - self.lr * self.H.T @ d
        self.W1 = self.W1 - self.lr * self.X.T @ h


SAME_SHAPES = Network([Dense(2, "tanh", bias=False), Dense(2, bias=False)], 2, "half_squared_error")


def columns(parameters, X, Y):
    """Samples as columns, parameters in a dict, gradients in a dict."""
    W1, b1, W2, b2 = (parameters[name] for name in ("W1", "b1", "W2", "b2"))
    m = X.shape[1]
    A1 = sigmoid(np.dot(W1, X) + b1)
    A2 = sigmoid(np.dot(W2, A1) + b2)
    dZ2 = (A2 - Y) * A2 * (1 - A2)
    dZ1 = np.dot(W2.T, dZ2) * A1 * (1 - A1)
    return {
        "dW1": np.dot(dZ1, X.T) / m,
        "db1": np.sum(dZ1, axis=1, keepdims=True) / m,
        "dW2": np.dot(dZ2, A1.T) / m,
        "db2": np.sum(dZ2, axis=1, keepdims=True) / m,
    }


def with_cache(parameters, cache, X, Y):
    """The backward half alone, which gets what the forward half kept."""
    m = X.shape[1]
    A1, A2 = cache["A1"], cache["A2"]
    dZ2 = (A2 - Y) * A2 * (1 - A2)
    dZ1 = np.dot(parameters["W2"].T, dZ2) * A1 * (1 - A1)
    return {
        "dW1": np.dot(dZ1, X.T) / m,
        "db1": np.sum(dZ1, axis=1, keepdims=True) / m,
        "dW2": np.dot(dZ2, A1.T) / m,
        "db2": np.sum(dZ2, axis=1, keepdims=True) / m,
    }


def labels(W1, b1, W2, b2, X, y):
    """Classes as whole numbers."""
    H = np.maximum(0, X @ W1 + b1)
    E = np.exp(H @ W2 + b2)
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.log(P[range(len(X)), y]).mean()
    P[range(len(X)), y] -= 1
    P /= len(X)
    dH = P @ W2.T * (H > 0)
    return loss, X.T @ dH, dH.sum(axis=0), H.T @ P, P.sum(axis=0)


def flat_by_units(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y):
    """One flat array of matrices whose first column is the bias's."""
    cut = hidden_layer_size * (input_layer_size + 1)
    first = nn_params[:cut].reshape(hidden_layer_size, -1)
    second = nn_params[cut:].reshape(num_labels, -1)
    m = len(X)
    A0 = np.hstack([np.ones((m, 1)), X])
    A1 = np.hstack([np.ones((m, 1)), sigmoid(A0 @ first.T)])
    Y = sigmoid(A1 @ second.T)
    d2 = (Y - y) * Y * (1 - Y)
    d1 = d2 @ second[:, 1:] * A1[:, 1:] * (1 - A1[:, 1:])
    loss = ((Y - y) ** 2).sum() / 2 / m
    return loss, np.concatenate([(d1.T @ A0 / m).ravel(), (d2.T @ A1 / m).ravel()])


class Trains:
    """train(inputs, targets) for one sample, and a step up its own error."""

    def __init__(self):
        self.wih, self.who = np.ones((3, 2)), np.ones((1, 3))
        self.lr = 0.3

    def train(self, inputs_list, targets_list):
        x = np.array(inputs_list, ndmin=2).T
        t = np.array(targets_list, ndmin=2).T
        h = sigmoid(self.wih @ x)
        y = sigmoid(self.who @ h)
        e = t - y
        back = self.who.T @ (e * y * (1 - y))
        self.who += self.lr * ((e * y * (1 - y)) @ h.T)
        self.wih += self.lr * ((back * h * (1 - h)) @ x.T)


WITHOUT_BIASES = Network([Dense(3, "sigmoid", bias=False), Dense(1, "sigmoid", bias=False)], 2, "half_squared_error")

RIGHT = {
    "stores": (Stores, NET),
    "returns": (Returns, NET),
    "keeps": (Keeps(), NET),
    "in a dict": (InDict().loss, NET),
    "an object with loss": (InDict(), NET),
    "in lists": (InLists(), NET),
    "a bound method": (InLists().backprop, NET),
    "of layers": (OfLayers(), NET),
    "momentum": (Momentum(), NET),
    "W2 before W1": (LateFirst(), SAME_SHAPES),
    "columns": (columns, NET),
    "a cache": (with_cache, NET),
    "labels": (labels, CLASSES),
    "flat by units": (flat_by_units, NET),
    "trains": (Trains(), WITHOUT_BIASES),
}


@pytest.mark.parametrize(("code", "net"), RIGHT.values(), ids=RIGHT)
def test_right_code_is_accepted_as_its_author_has_it(code, net):
    """Nothing is wrapped, and nothing is found."""
    report = check_backprop(code, net)
    assert (report.verdict, names(report)) == ("right", []), str(report)


class WrongStores(Stores):
    """Without the hidden layer's derivative."""

    def slope(self):
        return 1.0


class WrongInDict(InDict):
    """Likewise."""

    def slope_of(self, H):
        return 1.0


class WrongInLists(InLists):
    """Likewise."""

    def slope(self, a):
        return 1.0


@pytest.mark.parametrize("code", [WrongStores, WrongInDict().loss, WrongInLists()], ids=["class", "dict", "lists"])
def test_a_mistake_is_named_in_every_form(code):
    """derivative-missing, whatever the form."""
    assert names(check_backprop(code, NET)) == ["derivative-missing"]


class AddsUp(Keeps):
    """Adds its gradients to those of the call before."""

    def __init__(self):
        super().__init__()
        self.dU, self.dc, self.dV, self.dd = np.zeros((2, 3)), np.zeros(3), np.zeros((3, 1)), np.zeros(1)

    def backward(self, T):
        dU, dc, dV, dd = self.gradients_at(T)
        self.dU, self.dc, self.dV, self.dd = self.dU + dU, self.dc + dc, self.dV + dV, self.dd + dd


def test_an_object_whose_gradients_add_up_is_told_so():
    """A second call at the same place gives twice as much: no momentum, accumulated."""
    assert "accumulated" in names(check_backprop(AddsUp(), NET))


def test_an_object_is_left_as_it_was():
    """The check works on copies."""
    model = Stores()
    check_backprop(model, NET)
    assert (model.U == 1.0).all()
    assert not hasattr(model, "H")


class AddsUpUntilReset(Stores):
    """Gradients are added up until zero_grad: so one collects batches."""

    def __init__(self):
        super().__init__()
        self.zero_grad()

    def zero_grad(self):
        self.dU, self.dc, self.dV, self.dd = np.zeros((2, 3)), np.zeros(3), np.zeros((3, 1)), np.zeros(1)

    def backward(self, T):
        dU, dc, dV, dd = self.gradients_at(T)
        self.dU, self.dc, self.dV, self.dd = self.dU + dU, self.dc + dc, self.dV + dV, self.dd + dd


def test_gradients_that_are_added_up_until_they_are_reset_are_no_mistake():
    """An object with zero_grad adds up on purpose: a note says so."""
    report = check_backprop(AddsUpUntilReset, NET)
    assert report.verdict == "right", str(report)
    assert any("add up" in note for note in report.notes)


class KeepsTheFirst(Stores):
    """The list of activations is never emptied: going back takes the first batch's."""

    def __init__(self):
        super().__init__()
        self.kept = []

    def forward(self, X):
        self.kept.append(X)
        return super().forward(X)

    def gradients_at(self, T):
        self.X = self.kept[0]
        return super().gradients_at(T)

    def backward(self, T):
        return self.gradients_at(T)


def test_what_is_left_of_other_samples_is_told():
    """Called at one place again it gives the same; after other samples it gives what is left of those."""
    assert "stale" in names(check_backprop(KeepsTheFirst, NET))


def backward_of(n):
    """A backward pass, its samples as rows, that divides by a number of its module."""
    text = """
def back_propagate(W1, b1, W2, b2, X, Y):
    H = 1 / (1 + np.exp(-(X @ W1 + b1)))
    O = 1 / (1 + np.exp(-(H @ W2 + b2)))
    d = (O - Y) * O * (1 - O)
    h = d @ W2.T * H * (1 - H)
    return X.T @ h / n_batch, h.sum(axis=0) / n_batch, H.T @ d / n_batch, d.sum(axis=0) / n_batch
"""
    space = {"np": np, "n_batch": n}
    exec(text, space)  # noqa: S102 - text of our own
    return space["back_propagate"]


@pytest.mark.parametrize("n", [3, 8])
def test_a_count_of_the_module_is_that_of_the_samples_of_the_check(n):
    """A mean over a batch size of the module is a mean: of 3 also, which is a width; afterwards it is what it was."""
    student = backward_of(n)
    report = check_backprop(student, NET)
    assert (report.verdict, names(report)) == ("right", []), str(report)
    assert student.__globals__["n_batch"] == n


class Learns:
    """A dense layer that learns on its way back, at its own rate."""

    def __init__(self, n_in, n_out):
        self.rate, self.W, self.b = 0.3, np.ones((n_in, n_out)), np.zeros(n_out)

    def forward(self, X):
        self.X, self.Y = X, sigmoid(X @ self.W + self.b)
        return self.Y

    def backward(self, dY):
        d = dY * self.Y * (1 - self.Y)
        back = d @ self.W.T
        self.W -= self.rate * self.X.T @ d
        self.b -= self.rate * d.sum(axis=0)
        return back


class OfLayers:
    """The layers hold the rates."""

    def __init__(self):
        self.network = [Learns(2, 3), Learns(3, 1)]

    def train(self, X, y):
        Y = self.network[1].forward(self.network[0].forward(X))
        self.network[0].backward(self.network[1].backward((Y - y) / len(X)))


LAYERS = OfLayers().network


def train(X, y):
    Y = LAYERS[1].forward(LAYERS[0].forward(X))
    LAYERS[0].backward(LAYERS[1].backward((Y - y) / len(X)))


class ShortRate(Stores):
    """Called with a rate whose name is one word."""

    lr = None

    def backward(self, T, lrate=0.02):
        self.lr = lrate
        super().backward(T)


class SaysInput(Stores):
    """Weights whose names begin with what they are and end like a value, or hold the word input."""

    def __init__(self):
        self.weights_input_hidden, self.weights_hidden_output = np.ones((2, 3)), np.ones((3, 1))
        self.bias_hidden, self.bias_output = np.ones(3), np.ones(1)

    def forward(self, X):
        self.hidden_output = sigmoid(X @ self.weights_input_hidden + self.bias_hidden)
        self.final_output = sigmoid(self.hidden_output @ self.weights_hidden_output + self.bias_output)
        return self.final_output

    def backward(self, X, y, learning_rate=0.01):
        step, H, Y = learning_rate / len(X), self.hidden_output, self.final_output
        e = (y - Y) * Y * (1 - Y)
        h = e @ self.weights_hidden_output.T * H * (1 - H)
        self.weights_hidden_output += step * H.T @ e
        self.bias_output += step * e.sum(axis=0)
        self.weights_input_hidden += step * X.T @ h
        self.bias_hidden += step * h.sum(axis=0)


class OfItsClass(Stores):
    """Its arrays are the class's."""

    U, c, V, d, lr = np.ones((2, 3)), np.ones(3), np.ones((3, 1)), np.ones(1), 0.5

    def __init__(self):
        pass


class OfItsData(Stores):
    """Keeps its inputs before its weights, as many of them as there are rows in one of these."""

    def __init__(self):
        self.inputs = np.ones((3, 2))
        super().__init__()


class StepsLater(Stores):
    """Targets by their encoding's name; the gradients are kept, and a step takes them."""

    def backward(self, Y_onehot):
        self.dU, self.dc, self.dV, self.dd = self.gradients_at(Y_onehot)

    def step(self, lr: float):
        self.U -= lr * self.dU
        self.c -= lr * self.dc
        self.V -= lr * self.dV
        self.d -= lr * self.dd


class Asked(Stores):
    """Gives gradients where they are asked for."""

    def loss(self, x_tr, y_tr, requires_grad=False):
        Y = self.forward(x_tr)
        loss = 0.5 * ((Y - y_tr) ** 2).sum() / len(x_tr)
        return (loss, *self.gradients_at(y_tr)) if requires_grad else loss


ONE_UNIT = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")


def forward_of_one(X, W, b):
    Z = X @ W + b
    return Z, sigmoid(Z)


def backward_of_one(X, y, y_hat):
    d = (y_hat - y) / len(X)
    return X.T @ d, d.sum()


class Neuron:
    """One unit, whose caller hands over ∂loss/∂y, one number."""

    def __init__(self):
        self.weights, self.bias = np.ones(2), 0.5

    def forward(self, inputs):
        self.inputs, self.output = inputs, sigmoid(np.dot(inputs, self.weights) + self.bias)
        return self.output

    def backward(self, d_output, learning_rate):
        d = d_output * self.output * (1 - self.output)
        self.weights = self.weights - learning_rate * np.dot(self.inputs, d)
        self.bias = self.bias - learning_rate * d


def labels_one_by_one(W1, b1, W2, b2, inputs, target):
    H = np.maximum(0, inputs @ W1 + b1)
    Y = np.exp(H @ W2 + b2)
    Y /= Y.sum()
    loss = -np.log(Y[target])
    Y[target] -= 1
    h = (W2 @ Y) * (H > 0)
    return loss, np.outer(inputs, h), h, np.outer(H, Y), Y


AS_HANDED_OVER = {
    "rate in layers": (OfLayers(), NET),
    "rate in the module's layers": (train, NET),
    "lrate": (ShortRate(), NET),
    "weights_hidden_output": (SaysInput(), NET),
    "arrays of the class": (OfItsClass(), NET),
    "inputs before weights": (OfItsData(), NET),
    "Y_onehot": (StepsLater(), NET),
    "requires_grad": (Asked().loss, NET),
    "unnamed outputs of forward": (backward_of_one, ONE_UNIT),
    "one unit's d_output": (Neuron(), ONE_UNIT),
    "one sample's label": (labels_one_by_one, CLASSES),
}


@pytest.mark.parametrize(("code", "net"), AS_HANDED_OVER.values(), ids=AS_HANDED_OVER)
def test_right_code_of_strangers_kinds_is_accepted(code, net):
    """Each stands for a kind of public code that was refused or accused."""
    report = check_backprop(code, net)
    assert (report.verdict, names(report)) == ("right", []), str(report)
    assert (OfItsClass.U == 1.0).all()


def test_a_bias_of_nothing_but_rounding_is_no_whole_number():
    """np.sum without an axis of a softmax's error is 1e-17: no array of integers made it."""

    def backprop(W1, b1, W2, b2, X, T):
        H = np.maximum(0, X @ W1 + b1)
        Y = np.exp(H @ W2 + b2)
        Y /= Y.sum(axis=1, keepdims=True)
        d = (Y - T) / len(X)
        h = d @ W2.T * (H > 0)
        return X.T @ h, np.full(4, h.sum()), H.T @ d, np.full(3, d.sum() + 1e-17)

    assert "integers" not in names(check_backprop(backprop, CLASSES))


def test_a_gradient_of_half_the_loss_that_is_told_is_half():
    """The loss is a sum of squares, the gradient a sum too: no division by N is missing, as a mean's would be."""
    net = Network([Dense(3, "tanh", bias=False), Dense(2, "tanh", bias=False)], 2, loss="half_squared_error")

    def backprop(W1, W2, X, T):
        H = np.tanh(X @ W1)
        Y = np.tanh(H @ W2)
        e = (Y - T) * (1 - Y * Y)
        return ((Y - T) ** 2).sum(), X.T @ ((e @ W2.T) * (1 - H * H)), H.T @ e

    assert names(check_backprop(backprop, net)) == ["factor-half"]
