import numpy as np


class CrossEntropy:
    """交差エントロピー"""

    def get_value(self, t, y):
        return -(t.T @ np.log(y)).ravel()[0]

    def get_derivative(self, t, y):
        return -t / y


class Tanh:
    def __init__(self, alpha, beta):
        self.alpha = alpha
        self.beta = beta

    def get_value(self, s):
        return self.alpha * np.tanh(self.beta * s)

    def get_derivative(self, y):
        return np.diag(self.alpha * self.beta * (1 - np.tanh(self.beta * y.flatten()) ** 2))


class Softmax:
    def get_value(self, s):
        e = np.exp(s - np.max(s))
        return e / np.sum(e)

    def get_derivative(self, y):
        return np.diag(y.flatten()) - y @ y.T


class Layer:
    def __init__(self, n_output, n_before, f):
        rng = np.random.RandomState(n_output)
        self.W = rng.uniform(-1, 1, size=(n_output, n_before))
        self.b = rng.uniform(-1, 1, size=(n_output, 1))
        self.f = f
        self.y = None
        self.delta = None

    def propagate_forward(self, x):
        self.y = self.f.get_value(self.W @ x + self.b)
        return self.y

    def propagate_backward(self, next_delta, next_W):
        if next_W is not None:
            next_delta = next_W.T @ next_delta
        self.delta = self.f.get_derivative(self.y) @ next_delta
        return self.delta

    def update(self, prev_y, epsilon):
        self.W -= epsilon * (self.delta @ prev_y.T)
        self.b -= epsilon * self.delta


class Network:
    def __init__(self, n_input, error_func, epsilon):
        self.n_input = n_input
        self.error_func = error_func
        self.epsilon = epsilon
        self.layers = []

    def add_layer(self, n_output, f):
        n_before = self.layers[-1].W.shape[0] if self.layers else self.n_input
        self.layers.append(Layer(n_output, n_before, f))

    def propagate_forward(self, datum):
        for layer in self.layers:
            datum = layer.propagate_forward(datum)
        return datum

    def propagate_backward(self, datum, teaching):
        delta = self.error_func.get_derivative(teaching, self.propagate_forward(datum))
        after = None
        for layer in reversed(self.layers):
            delta = layer.propagate_backward(delta, after.W if after is not None else None)
            after = layer

    def update(self, datum):
        for layer in self.layers:
            layer.update(datum, self.epsilon)
            datum = layer.y


network = Network(2, CrossEntropy(), 0.1)
network.add_layer(4, Tanh(1.0, 1.0))
network.add_layer(3, Softmax())
