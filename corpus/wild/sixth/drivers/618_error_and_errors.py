from corpus.wild.helpers import stepped, summed


def gradient(m, W1, W2, X, T):
    given = {"weights[0]": W1, "weights[1]": W2}
    return summed(
        lambda x, t: stepped(m.SumNet(3, [4], 1), given, lambda o: o.train(x[None], t[None], 1, 0.1), 0.1), X, T
    )


def loss(m, W1, W2, X, T):
    net = m.SumNet(3, [4], 1)
    net.weights = [W1, W2]
    return sum(net._mse(t, net.forward_propagate(x)) for x, t in zip(X, T, strict=True))
