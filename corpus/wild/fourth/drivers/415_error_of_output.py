from corpus.wild.helpers import stepped


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"w1": W1, "b1": b1[None], "w2": W2, "b2": b2[None]}
    g = stepped(m.NeuralNetwork(2, 4, 1), given, lambda o: (o.forward(X), o.backward(X, T)), 0.1)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    net = m.NeuralNetwork(2, 4, 1)
    net.w1, net.b1, net.w2, net.b2 = W1, b1[None], W2, b2[None]
    return net.log_loss(T, net.forward(X))
