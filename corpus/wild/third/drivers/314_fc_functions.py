def run(m, W1, b1, W2, b2, X, T):
    m.weights.update(W1=W1, b1=b1, W2=W2, b2=b2)
    m.forward(X)
    return m.backward(T)


def gradient(m, W1, b1, W2, b2, X, T):
    run(m, W1, b1, W2, b2, X, T)
    return tuple(m.gradients[name] for name in ("W1", "b1", "W2", "b2"))


def loss(m, W1, b1, W2, b2, X, T):
    return run(m, W1, b1, W2, b2, X, T)
