import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    m.X = np.column_stack([X, np.ones(len(X))])
    first, second = np.vstack([W1, b1]).T, np.concatenate([W2[:, 0], b2])

    def one(x, t):
        m.W1, m.W2 = first.copy(), second.copy()
        j = np.flatnonzero((m.X[:, :-1] == x).all(axis=1))[0]
        m.hidden_out[0], m.hidden_out[1] = m.squash(m.W1[0], m.X[j]), m.squash(m.W1[1], m.X[j])
        m.correct_weights(t[0], m.squash(m.W2, m.hidden_out), j)
        g1, g2 = (first - m.W1) / m.alpha, (second - m.W2) / m.alpha
        return g1[:, :-1].T, g1[:, -1], g2[:2, None], g2[2:]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    p = sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)
    return -(T * np.log(p) + (1 - T) * np.log(1 - p)).sum()
