from corpus.wild.helpers import sigmoid


def gradient(m, W1, W2, X, T):
    net = m.SkyNetwork(3, 4, 2)
    net.synapse0, net.synapse1 = W1.copy(), W2.copy()
    net.set_epochs(1)
    net.train(X, T)
    return (W1 - net.synapse0) / 0.5, (W2 - net.synapse1) / 0.5


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
