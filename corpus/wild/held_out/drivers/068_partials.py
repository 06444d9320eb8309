from corpus.wild.helpers import stepped, summed


def gradient(m, W1, b1, X, T):
    def one(x, t):
        given = {"linear1.weight": W1.T, "linear1.bias": b1}
        g = stepped(m.MyNetwork(3, 2), given, lambda o: o.update_weights(x, t, 0.01), 0.01)
        return g[0].T, g[1]

    return summed(one, X, T)


def loss(m, W1, b1, X, T):
    net = m.MyNetwork(3, 2)
    net.linear1.weight, net.linear1.bias = W1.T, b1
    return sum(net.forward_loss(x, t) for x, t in zip(X, T, strict=True))
