import numpy as np
from corpus.wild.helpers import relu, softmax


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    starts = [W1.T, b1[:, None], W2.T, b2[:, None], W3.T, b3[:, None]]
    ends = m.gradient_descent(X.T, T.argmax(axis=1), 1, 0.1, starts)
    found = [(start - end) / 0.1 for start, end in zip(starts, ends, strict=True)]
    return [g.ravel() if i % 2 else g.T for i, g in enumerate(found)]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    out = softmax(relu(relu(X @ W1 + b1) @ W2 + b2) @ W3 + b3)
    return -(T * np.log(out)).sum() / len(X)
