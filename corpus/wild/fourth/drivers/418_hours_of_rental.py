import numpy as np
from corpus.wild.helpers import sigmoid, stepped


def gradient(m, W1, W2, X, T):
    given = {"w_input_hidden": W1, "w_hidden_output": W2}
    return stepped(m.NeuralNetwork(3, 4, 1, 0.5), given, lambda o: o.train(X, T[:, 0]), 0.5)


def loss(m, W1, W2, X, T):
    return 0.5 * np.mean((sigmoid(X @ W1) @ W2 - T) ** 2)
