from corpus.wild.helpers import sigmoid


def gradient(m, W1, W2, X, T):
    net = m.Network()
    net.W1, net.W2 = W1, W2
    return tuple(-delta for delta in net.train(X, T))


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
