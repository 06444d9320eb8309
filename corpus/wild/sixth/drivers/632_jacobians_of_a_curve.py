def put(m, *P):
    m.W1, m.W2, m.W3 = (W.T for W in P[::2])
    m.b1, m.b2, m.b3 = (b[:, None] for b in P[1::2])


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    put(m, W1, b1, W2, b2, W3, b3)
    x, y = X.T, T.T
    weights = [J(x, y).T for J in (m.J_W1, m.J_W2, m.J_W3)]
    biases = [J(x, y)[:, 0] for J in (m.J_b1, m.J_b2, m.J_b3)]
    return [part for pair in zip(weights, biases, strict=True) for part in pair]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    put(m, W1, b1, W2, b2, W3, b3)
    return m.cost(X.T, T.T)
