from corpus.wild.helpers import summed


def put(m, W1, b1, W2, b2):
    m.w_oculta, m.b_oculta, m.w_salida, m.b_salida = W1.T, b1[:, None], W2.T, b2[:, None]


def gradient(m, W1, b1, W2, b2, X, T):
    put(m, W1, b1, W2, b2)

    def one(x, t):
        dW1, dB1, dW2, dB2 = m.hacia_atras(*m.hacia_adelante(x[:, None]), x[:, None], t)
        return dW1.T, dB1[:, 0], dW2.T, dB2[:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    put(m, W1, b1, W2, b2)
    return sum(m.costo(m.hacia_adelante(x[:, None])[3], t) for x, t in zip(X, T, strict=True))
