from types import SimpleNamespace

import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    V1, V2 = np.vstack([W1, -b1]), np.vstack([W2, -b2])

    def one(x, t):
        drawn = iter([*V1[:, 0], *V1[:, 1], *V2[:, 0]])
        m.random = SimpleNamespace(random=lambda: next(drawn))
        m.zip = lambda a, b: zip([[*x, -1]], [t[0]], strict=True) if len(a) == 4 else zip(a, b, strict=True)
        w_a, w_b, w_out = m.xor_net(0.1, 1)
        g1, g2 = (np.array([w_a, w_b]).T - V1) / -0.1, (np.array([w_out]).T - V2) / -0.1
        return g1[:-1], -g1[-1], g2[:-1], -g2[-1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
