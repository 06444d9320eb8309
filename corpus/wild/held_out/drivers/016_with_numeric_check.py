def gradient(m, W1, W2, X, T):
    net = m.Network()
    net.W1, net.W2 = W1, W2
    flat = net.compute_gradients(X, T)
    return flat[: W1.size].reshape(W1.shape), flat[W1.size :].reshape(W2.shape)


def loss(m, W1, W2, X, T):
    net = m.Network()
    net.W1, net.W2 = W1, W2
    return net.error_function(X, T)[0]
