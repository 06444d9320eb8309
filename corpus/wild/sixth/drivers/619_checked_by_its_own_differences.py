from corpus.wild.helpers import summed


def filled(m, W1, b1, W2, b2):
    net = m.Checked([3, 4, 2])
    net.W, net.b = [W1.T, W2.T], [b1[:, None], b2[:, None]]
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)

    def one(x, t):
        net.back_prop(x, t)
        return net.dW[0].T, net.db[0][:, 0], net.dW[1].T, net.db[1][:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return filled(m, W1, b1, W2, b2).compute_loss(X, T) * len(X)
