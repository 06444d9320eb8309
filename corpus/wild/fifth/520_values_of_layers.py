from dataclasses import dataclass

import numpy as np

sigmoid = (
    lambda Z: 1 / (1 + np.exp(-Z)),
    lambda Z: np.exp(-Z) / (1 + np.exp(-Z)) ** 2,
)
identity = (lambda Z: Z, lambda Z: np.ones_like(Z))


@dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray
    f: tuple


@dataclass
class Values:
    Z: np.ndarray
    A: np.ndarray


@dataclass
class Gradients:
    dW: np.ndarray
    db: np.ndarray


class Network:
    def __init__(self, sizes, functions):
        rng = np.random.default_rng(0)
        self.layers = []
        for n_in, n_out, f in zip(sizes[:-1], sizes[1:], functions):
            self.layers.append(Layer(rng.standard_normal((n_out, n_in)), np.zeros((n_out, 1)), f))

    def evaluate(self, X):
        A = X
        values = [Values(None, A)]
        for layer in self.layers:
            Z = np.dot(layer.W, A) + layer.b
            A = layer.f[0](Z)
            values.append(Values(Z, A))
        return values

    def back_propagate(self, values, Y):
        m = Y.shape[1]
        n = len(self.layers)
        found = [None] * n
        dZ = None
        for i in range(n, 0, -1):
            if i == n:
                dA = (values[i].A - Y) / m
            else:
                dA = np.dot(self.layers[i].W.T, dZ)
            dZ = dA * self.layers[i - 1].f[1](values[i].Z)
            dW = np.dot(dZ, values[i - 1].A.T)
            db = np.sum(dZ, axis=1, keepdims=True)
            found[i - 1] = Gradients(dW, db)
        return found

    def train(self, X, Y, rate, epochs):
        for _ in range(epochs):
            found = self.back_propagate(self.evaluate(X), Y)
            for layer, g in zip(self.layers, found):
                layer.W -= rate * g.dW
                layer.b -= rate * g.db
