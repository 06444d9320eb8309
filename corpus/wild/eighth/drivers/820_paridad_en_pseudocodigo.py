import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        net = m.RedDeParidad(4, 4, 0.1, 0)
        for neuron, w in zip(net.entradas, W1, strict=True):
            neuron.pesos = w.tolist()
        for neuron, w in zip(net.ocultas, W2, strict=True):
            neuron.pesos = w.tolist()
        net.avance(x.tolist())
        net.retroceso(float(t[0]))
        ends = (np.array([neuron.pesos for neuron in layer]) for layer in (net.entradas, net.ocultas))
        return [(W - end) / 0.1 for W, end in zip((W1, W2), ends, strict=True)]

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
