def filled(m, *P):
    net = m.DigitNet([3, 5, 4, 3])
    net.W, net.B = list(P[::2]), list(P[1::2])
    return net


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    Z, y_hat = net.forward(X)
    dW, dB = net.backprop(Z, T, y_hat)
    return tuple(part for pair in zip(dW, dB, strict=True) for part in pair)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.xent(T, filled(m, W1, b1, W2, b2, W3, b3).forward(X)[1])
