import numpy as np
from corpus.wild.helpers import summed


def filled(m, W1, W2):
    net = m.NodeNet(3, 2)
    net.add_layer(4, "tanh")
    net.add_output("sigmoid")
    for layer, W in ((net.hidden[0], W1), (net.top, W2)):
        for node, column in zip(layer.nodes, W.T, strict=True):
            node.weight = column.tolist()
    return net


def gradient(m, W1, W2, X, T):
    def one(x, t):
        net = filled(m, W1, W2)
        net.train([x.tolist()], [t.tolist()], 1, 0.1)
        ends = [np.array([node.weight for node in layer.nodes]).T for layer in (net.hidden[0], net.top)]
        return (W1 - ends[0]) / 0.1, (W2 - ends[1]) / 0.1

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return filled(m, W1, W2).test(X.tolist(), T.tolist()) * len(X)
