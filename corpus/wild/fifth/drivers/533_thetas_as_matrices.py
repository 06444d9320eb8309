import numpy as np
from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, X, T):
    thetas = [np.matrix(np.vstack([b, W]).T) for W, b in ((W1, b1), (W2, b2))]
    pixels = np.matrix(np.vstack([np.ones(len(X)), X.T]))
    end = m.run(pixels=pixels, classes=np.matrix(T.T), m=len(X), th1=thetas[0], th2=thetas[1], alpha=0.1)
    g1, g2 = (np.asarray(old - end[name]) / 0.1 for old, name in zip(thetas, ("th1", "th2"), strict=True))
    return g1[:, 1:].T, g1[:, 0], g2[:, 1:].T, g2[:, 0]


def loss(m, W1, b1, W2, b2, X, T):
    A = sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)
    return -np.sum(T * np.log(A) + (1 - T) * np.log(1 - A)) / len(X)
