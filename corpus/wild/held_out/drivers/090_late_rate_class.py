from corpus.wild.helpers import stepped


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"W1": W1, "b1": b1[None], "W2": W2, "b2": b2[None]}
    g = stepped(m.MLP(2, 4, 3), given, lambda o: o.train(X, T, 1, 0.1), 0.1)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    net = m.MLP(2, 4, 3)
    net.W1, net.b1, net.W2, net.b2 = W1, b1[None], W2, b2[None]
    return net.mean_loss(T, net.forward(X))
