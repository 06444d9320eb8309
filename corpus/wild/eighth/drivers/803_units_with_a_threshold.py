import numpy as np
from corpus.wild.helpers import summed


def filled(m, W1, b1, W2, b2):
    net = m.CellNet(3, 4, 2)
    for cell, w in zip(net.hidden.cells, np.vstack([W1, b1]).T, strict=True):
        cell.weight, cell.threshold = w.tolist(), 0.0
    for cell, w, b in zip(net.out.cells, W2.T, b2, strict=True):
        cell.weight, cell.threshold = w.tolist(), -float(b)
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        net = filled(m, W1, b1, W2, b2)
        net.calc(x.tolist())
        net.update(t.tolist(), 0.5, 0.1)
        hidden = np.array([cell.weight for cell in net.hidden.cells]).T
        out = np.array([cell.weight for cell in net.out.cells]).T
        ends = np.array([-cell.threshold for cell in net.out.cells])
        return (W1 - hidden[:-1]) / 0.5, (b1 - hidden[-1]) / 0.5, (W2 - out) / 0.5, (b2 - ends) / 0.5

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    net, total = filled(m, W1, b1, W2, b2), 0.0
    for x, t in zip(X, T, strict=True):
        net.calc(x.tolist())
        total += net.update(t.tolist(), 0.0, 0.0)
    return total
