from corpus.wild.helpers import stepped

PATHS = ("layers[0].weights", "layers[0].biases", "layers[2].weights", "layers[2].biases")


def gradient(m, W1, b1, W2, b2, X, T):
    def act(o):
        o.forward(X)
        o.backward(T.argmax(axis=1))

    return stepped(m.NN(2, 4, 3, 0.1), dict(zip(PATHS, (W1, b1, W2, b2), strict=True)), act, 0.1)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.NN(2, 4, 3, 0.0)
    stepped(net, dict(zip(PATHS, (W1, b1, W2, b2), strict=True)), lambda o: None, 1)
    net.forward(X)
    return net.backward(T.argmax(axis=1)).mean()
