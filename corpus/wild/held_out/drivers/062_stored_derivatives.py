from corpus.wild.helpers import stepped, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        def act(o):
            o.train(x[None], t[None], 1, 0.1)

        return stepped(m.NN(2, [3], 2), {"weights[0]": W1, "weights[1]": W2}, act, 0.1)

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    net = m.NN(2, [3], 2)
    net.weights = [W1, W2]
    return sum(net._mse(t, net.forward(x)) for x, t in zip(X, T, strict=True))
