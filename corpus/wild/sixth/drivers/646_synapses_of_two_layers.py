from corpus.wild.helpers import sigmoid, stepped


def gradient(m, W1, W2, X, T):
    net = m.TwoSynapses(m.NeuronRow(4, 3), m.NeuronRow(1, 4))
    return stepped(net, {"first.synapses": W1, "second.synapses": W2}, lambda o: o.train(X, T, 1), 1)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
