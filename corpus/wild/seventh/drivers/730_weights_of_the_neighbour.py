import numpy as np
from corpus.wild.helpers import summed


def filled(m, W1, W2):
    net = m.RedDeObjetos(3, 4, 2)
    for layer, W in ((net.oculta, W1), (net.salida, W2)):
        for neuron, w in zip(layer.neuronas, W.T, strict=True):
            neuron.pesos = w.tolist()
    return net


def gradient(m, W1, W2, X, T):
    def one(x, t):
        net = filled(m, W1, W2)
        net.entrenar(x.tolist(), t.tolist())
        ends = (np.array([neuron.pesos for neuron in layer.neuronas]).T for layer in (net.oculta, net.salida))
        return [(W - end) / 0.5 for W, end in zip((W1, W2), ends, strict=True)]

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return filled(m, W1, W2).error_total(list(zip(X.tolist(), T.tolist(), strict=True)))
