import numpy as np
from corpus.wild.helpers import stepped


def gradient(m, W1, W2, X, T):
    return stepped(m.NN(np.zeros((4, 2))), {"wi": W1, "wh": W2}, lambda o: o.train(X, T), 1)


def loss(m, W1, W2, X, T):
    net = m.NN(np.zeros((4, 2)))
    net.wi, net.wh = W1, W2
    return 0.5 * ((net.think(X) - T) ** 2).sum()
