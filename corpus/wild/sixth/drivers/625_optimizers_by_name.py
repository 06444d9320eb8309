def filled(m, *P):
    net = m.GateNet([2, 4, 3, 1])
    net.weights, net.biases = [p.copy() for p in P[::2]], [p[None].copy() for p in P[1::2]]
    return net


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    net.train_step(X, T)
    return tuple(part for dW, db in zip(net.grads_w, net.grads_b, strict=True) for part in (dW, db[0]))


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    return net.compute_loss(T, net.forward(X))
