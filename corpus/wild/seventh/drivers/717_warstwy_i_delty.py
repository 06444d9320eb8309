from corpus.wild.helpers import sigmoid


def gradient(m, W1, W2, X, T):
    net = m.SiecKwiatow(X, T, 1, 5)
    net.w1, net.w2 = W1.copy(), W2.copy()
    new1, new2 = net.uczenie(1, 0.1)
    return (W1 - new1) / 0.1, (W2 - new2) / 0.1


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
