from corpus.wild.helpers import stepped


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"w_hidden": W1, "b_hidden": b1, "w_output": W2, "b_output": b2}
    return stepped(m.MLP(2, 4, 3), given, lambda o: o.fit(X, T.argmax(axis=1)), 0.5)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.MLP(2, 4, 3)
    net.w_hidden, net.b_hidden, net.w_output, net.b_output = W1, b1, W2, b2
    return net.fit(X, T.argmax(axis=1), train=False)
