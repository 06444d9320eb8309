def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    starts = [[W1, b1[None]], [W2, b2[None]], [W3, b3[None]]]
    layers = [[W.copy(), b.copy()] for W, b in starts]
    pred, kept = m.forward(X, layers)
    ends = m.backward(layers, kept, m.mse_grad(T, pred), 0.1)
    g = [(old - end) / 0.1 for pair in zip(starts, ends, strict=True) for old, end in zip(*pair, strict=True)]
    return g[0], g[1][0], g[2], g[3][0], g[4], g[5][0]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.mse(T, m.forward(X, [[W1, b1[None]], [W2, b2[None]], [W3, b3[None]]])[0]).sum()
