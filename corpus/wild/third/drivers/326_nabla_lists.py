from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    net = m.Network([2, 3, 2])
    net.weights, net.biases = [W1.T, W2.T], [b1[:, None], b2[:, None]]

    def one(x, t):
        nabla_b, nabla_w = net.backprop(x[:, None], t[:, None])
        return nabla_w[0].T, nabla_b[0][:, 0], nabla_w[1].T, nabla_b[1][:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
