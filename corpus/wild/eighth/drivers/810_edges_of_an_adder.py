import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, X, T):
    def one(x, t):
        net = m.EdgeNetwork()
        inputs, outputs = [m.Node(f"x{i}") for i in range(len(x))], [m.Node(f"y{k}") for k in range(len(t))]
        for node, value, w in zip(inputs, x, W1, strict=True):
            node.output = float(value)
            for out, weight in zip(outputs, w, strict=True):
                net.add_edge(node, out, float(weight))
        net.train(t.tolist(), multilayer=True)
        return [W1 - np.array([[net.weights[i, o] for o in outputs] for i in inputs])]

    return summed(one, X, T)


def loss(m, W1, X, T):
    return 0.5 * ((sigmoid(X @ W1) - T) ** 2).sum()
