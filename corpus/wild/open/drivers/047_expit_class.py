from corpus.wild.helpers import stepped, transposed


def gradient(m, W1, W2, X, T):
    steps = stepped(m.Network(3, 4, 2, 0.1), {"w_in": W1.T, "w_out": W2.T}, lambda o: o.train(X, T), 0.1)
    return transposed(*steps)


def loss(m, W1, W2, X, T):
    net = m.Network(3, 4, 2, 0.1)
    net.w_in, net.w_out = W1.T, W2.T
    return 0.5 * ((net.query(X).T - T) ** 2).sum()
