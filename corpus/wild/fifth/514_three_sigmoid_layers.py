from typing import Tuple

import numpy as np

rng = np.random.default_rng(seed=42)


def logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def logistic_derivative(x: np.ndarray) -> np.ndarray:
    return x * (1 - x)


class FlowerNet:
    weights_in_hid1: np.ndarray
    weights_hid1_hid2: np.ndarray
    weights_hid2_out: np.ndarray
    bias_hid1: np.ndarray
    bias_hid2: np.ndarray
    bias_out: np.ndarray

    def __init__(self, n_in: int, n_hid1: int, n_hid2: int, n_out: int):
        def drawn(from_: int, to_: int) -> Tuple[np.ndarray, np.ndarray]:
            return rng.random((from_, to_)), rng.random(to_)

        self.weights_in_hid1, self.bias_hid1 = drawn(n_in, n_hid1)
        self.weights_hid1_hid2, self.bias_hid2 = drawn(n_hid1, n_hid2)
        self.weights_hid2_out, self.bias_out = drawn(n_hid2, n_out)

    def feed(self, X: np.ndarray) -> np.ndarray:
        self.hid1_out = logistic(np.dot(X, self.weights_in_hid1) + self.bias_hid1)
        self.hid2_out = logistic(np.dot(self.hid1_out, self.weights_hid1_hid2) + self.bias_hid2)
        self.out = logistic(np.dot(self.hid2_out, self.weights_hid2_out) + self.bias_out)
        return self.out

    def propagate_back(self, X: np.ndarray, y: np.ndarray, rate: float) -> None:
        out_error = y - self.out
        out_delta = out_error * logistic_derivative(self.out)

        hid2_error = np.dot(out_delta, self.weights_hid2_out.T)
        hid2_delta = hid2_error * logistic_derivative(self.hid2_out)

        hid1_error = np.dot(hid2_delta, self.weights_hid1_hid2.T)
        hid1_delta = hid1_error * logistic_derivative(self.hid1_out)

        self.weights_hid2_out += np.dot(self.hid2_out.T, out_delta) * rate
        self.bias_out += np.sum(out_delta, axis=0) * rate

        self.weights_hid1_hid2 += np.dot(self.hid1_out.T, hid2_delta) * rate
        self.bias_hid2 += np.sum(hid2_delta, axis=0) * rate

        self.weights_in_hid1 += np.dot(X.T, hid1_delta) * rate
        self.bias_hid1 += np.sum(hid1_delta, axis=0) * rate

    def train(self, X: np.ndarray, y: np.ndarray, epochs: int, rate: float) -> None:
        for epoch in range(epochs):
            self.feed(X)
            self.propagate_back(X, y, rate)
            if epoch % 10 == 0:
                print(f"Epoch {epoch}, loss {np.mean((y - self.out) ** 2)}")

    def classes(self, X: np.ndarray) -> np.ndarray:
        return np.argmax(np.clip(self.feed(X), 0, 1), axis=1)
