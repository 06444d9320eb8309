from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    P = [p.copy() if p.ndim == 2 else p[None].copy() for p in (W1, b1, W2, b2, W3, b3)]
    net = m.NeuralNetwork(X, T)
    net.backward(X, T, *net.forward(X, *P), *P[:5], 0.1)
    g = [(old - new) / 0.1 for old, new in zip((W1, b1, W2, b2, W3, b3), P, strict=True)]
    return g[0], g[1][0], g[2], g[3][0], g[4], g[5][0]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return ((sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3) - T) ** 2).mean()
