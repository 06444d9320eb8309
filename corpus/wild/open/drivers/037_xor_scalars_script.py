import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        w, c = [*W1.T.ravel(), *W2[:, 0]], [*b1, *b2]
        end = m.run(xs=[x[0]], ys=[x[1]], zs=[t[0]], w=w, c=c)
        dw, dc = (np.array(w) - end["w"]) / 5, (np.array(c) - end["c"]) / 5
        return dw[:4].reshape(2, 2).T, dc[:2], dw[4:, None], dc[2:]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
