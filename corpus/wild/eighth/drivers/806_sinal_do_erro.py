import numpy as np
from corpus.wild.helpers import summed


def trained(m, W1, W2, x, t):
    net = m.Malha(3, 4, 2)
    for camada, W in zip(net.camadas[1:], (W1, W2), strict=True):
        camada.peso = W.T.tolist()
    for i, v in enumerate(x, 1):
        net.por_entrada(i, float(v))
    for i, v in enumerate(t, 1):
        net.por_alvo(i, float(v))
    net.treinar()
    return net


def gradient(m, W1, W2, X, T):
    def one(x, t):
        ends = [np.array(camada.peso).T for camada in trained(m, W1, W2, x, t).camadas[1:]]
        return [(W - end) / 0.3 for W, end in zip((W1, W2), ends, strict=True)]

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return sum(trained(m, W1, W2, x, t).erro for x, t in zip(X, T, strict=True))
