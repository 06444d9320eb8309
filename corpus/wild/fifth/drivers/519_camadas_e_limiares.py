import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    tables = [np.vstack([W1, -b1]), np.vstack([W2, -b2])]

    def one(x, t):
        net = m.RedeMLP([4, 3], [3, 5], 0.1, 1)
        for camada, table in zip(net.camadas, tables, strict=True):
            for neuronio, column in zip(camada, table.T, strict=True):
                neuronio.pesos = list(column)
        net.fit([x], [t])
        ends = [np.array([n.pesos for n in camada]).T for camada in net.camadas]
        g1, g2 = ((table - end) / 0.1 for table, end in zip(tables, ends, strict=True))
        return g1[:-1], -g1[-1], g2[:-1], -g2[-1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
