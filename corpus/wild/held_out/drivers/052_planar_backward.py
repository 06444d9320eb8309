import numpy as np
from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, X, T):
    A1 = np.tanh(X @ W1 + b1).T
    cache = {"A1": A1, "A2": sigmoid(W2.T @ A1 + b2[:, None])}
    g = m.backward_propagation({"W1": W1.T, "b1": b1[:, None], "W2": W2.T, "b2": b2[:, None]}, cache, X.T, T.T)
    return g["dW1"].T, g["db1"][:, 0], g["dW2"].T, g["db2"][:, 0]


def loss(m, W1, b1, W2, b2, X, T):
    Y = sigmoid(np.tanh(X @ W1 + b1) @ W2 + b2)
    return -(T * np.log(Y) + (1 - T) * np.log(1 - Y)).mean()
