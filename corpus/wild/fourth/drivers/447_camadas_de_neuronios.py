import numpy as np
from corpus.wild.helpers import summed


def filled(m, *P):
    rede = m.RedeDensa(3, 2, 2, 4, funcao="tanh")
    for camada, W, b in zip(rede.camadas, P[::2], P[1::2], strict=True):
        for neuronio, pesos, bias in zip(camada, W.T, b, strict=True):
            neuronio.pesos, neuronio.bias = list(pesos), bias
    return rede


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    P = (W1, b1, W2, b2, W3, b3)

    def one(x, t):
        rede = filled(m, *P)
        rede.treinar([list(x)], [list(t)], 1, 0.1)
        ends = []
        for camada in rede.camadas:
            ends += [np.array([n.pesos for n in camada]).T, np.array([n.bias for n in camada])]
        return tuple((old - end) / 0.1 for old, end in zip(P, ends, strict=True))

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    rede = filled(m, W1, b1, W2, b2, W3, b3)
    return sum(np.mean((np.array(rede.forward(list(x))) - t) ** 2) for x, t in zip(X, T, strict=True))
