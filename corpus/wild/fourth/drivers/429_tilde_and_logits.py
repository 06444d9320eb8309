from corpus.wild.helpers import stepped


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"w_hid": W1, "b_hid": b1, "w_out": W2, "b_out": b2}
    return stepped(m.MLP(2, 4, 3), given, lambda o: o.fit(X, T.argmax(axis=1)), 0.5)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.MLP(2, 4, 3)
    net.w_hid, net.b_hid, net.w_out, net.b_out = W1, b1, W2, b2
    return net.fit(X, T.argmax(axis=1), train=False)
