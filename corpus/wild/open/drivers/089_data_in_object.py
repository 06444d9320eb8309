from corpus.wild.helpers import stepped


def gradient(m, W1, W2, X, T):
    def act(o):
        o.feedforward()
        o.backprop(1.0, 0.0)

    return stepped(m.NeuralNetwork(X, T), {"weights1": W1, "weights2": W2}, act, 1.0)


def loss(m, W1, W2, X, T):
    net = m.NeuralNetwork(X, T)
    net.weights1, net.weights2 = W1, W2
    net.feedforward()
    return ((net.output - T) ** 2).sum()
