def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    P = W1.T, b1[:, None], W2.T, b2[:, None], W3.T, b3[:, None]
    g = m.backward_prop(*m.forward_prop(*P, X.T), W1.T, W2.T, W3.T, X.T, T.argmax(axis=1))
    return tuple(d.T if i % 2 == 0 else d[:, 0] for i, d in enumerate(g))


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    P = W1.T, b1[:, None], W2.T, b2[:, None], W3.T, b3[:, None]
    return m.mean_loss(m.forward_prop(*P, X.T)[-1], T.argmax(axis=1))
