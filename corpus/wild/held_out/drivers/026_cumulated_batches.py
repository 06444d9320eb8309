import numpy as np
from corpus.wild.helpers import stepped


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"weights_1": W1.T, "bias_1": b1[:, None], "weights_2": W2.T, "bias_2": b2[:, None]}
    g = stepped(m.Network([3, 4, 2]), given, lambda o: o.train(X[:, :, None], T[:, :, None]), 0.05)
    return g[0].T, g[1][:, 0], g[2].T, g[3][:, 0]


def loss(m, W1, b1, W2, b2, X, T):
    net = m.Network([3, 4, 2])
    net.weights_1, net.bias_1, net.weights_2, net.bias_2 = W1.T, b1[:, None], W2.T, b2[:, None]
    return np.mean(
        [net.cross_entropy(net.forward_pass(x[:, None])[0], t.argmax())[0] for x, t in zip(X, T, strict=True)]
    )
