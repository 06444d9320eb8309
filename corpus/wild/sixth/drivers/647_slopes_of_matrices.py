import numpy as np
from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, X, T):
    net = m.Gopher(m.Config(4, 3, 3, 1, 0.1))
    ends = W1.copy(), b1[None].copy(), W2.copy(), b2[None].copy()
    net.backpropagate(X, T, *ends, np.zeros(T.shape))
    return (W1 - ends[0]) / 0.1, (b1 - ends[1][0]) / 0.1, (W2 - ends[2]) / 0.1, (b2 - ends[3][0]) / 0.1


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
