import numpy as np
from corpus.wild.helpers import softmax


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    end = m.run(X=X, target=T.argmax(axis=1), n_epochs=1, rate=0.1, **given)
    return [(old - end[name]) / 0.1 for name, old in given.items()]


def loss(m, W1, b1, W2, b2, X, T):
    return -np.sum(T * np.log(softmax(np.tanh(X @ W1 + b1) @ W2 + b2)))
