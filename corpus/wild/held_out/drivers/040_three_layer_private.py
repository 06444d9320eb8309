from corpus.wild.helpers import stepped


def gradient(m, W1, W2, W3, X, T):
    given = {"synapses1": W1, "synapses2": W2, "synapses3": W3}
    return stepped(m.NeuralNetwork(), given, lambda o: o.train(X, T, 1), 1)


def loss(m, W1, W2, W3, X, T):
    net = m.NeuralNetwork()
    net.synapses1, net.synapses2, net.synapses3 = W1, W2, W3
    return 0.5 * ((net.forward_pass(X) - T) ** 2).sum()
