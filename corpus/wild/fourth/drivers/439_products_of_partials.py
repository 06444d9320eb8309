from corpus.wild.helpers import summed


def put(m, W1, b1, W2, b2):
    m.w_hidden, m.b_hidden, m.w_output, m.b_output = W1.T, b1[:, None], W2.T, b2[:, None]


def gradient(m, W1, b1, W2, b2, X, T):
    put(m, W1, b1, W2, b2)

    def one(x, t):
        dW1, dB1, dW2, dB2 = m.backward_prop(*m.forward_prop(x[:, None]), x[:, None], t)
        return dW1.T, dB1[:, 0], dW2.T, dB2[:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    put(m, W1, b1, W2, b2)
    return sum(m.costo(m.forward_prop(x[:, None])[3], t) for x, t in zip(X, T, strict=True))
