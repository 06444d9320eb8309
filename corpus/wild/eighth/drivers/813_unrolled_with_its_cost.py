from corpus.wild.helpers import rerolled, unrolled


def filled(m, W1, b1, W2, b2, X, T, l2):
    net = m.UnrolledNet()
    net.add(3, input_dim=2)
    net.add(1)
    net.read_full_theta(unrolled(W1, b1, W2, b2)[:, None])
    net.X_train, net.y_train, net.lambda_param = X, T, l2
    return net


def gradient(m, W1, b1, W2, b2, X, T, l2):
    return rerolled(filled(m, W1, b1, W2, b2, X, T, l2).gradient().ravel(), W1, b1, W2, b2)


def loss(m, W1, b1, W2, b2, X, T, l2):
    return filled(m, W1, b1, W2, b2, X, T, l2).cost()
