class Kept:
    def update(self, params, grads):  # noqa: ARG002 - as its author calls it
        self.grads = grads


def filled(m, W1, b1, W2, b2, W3, b3, X):
    net = m.SpiralNet(2, 4, 3)
    for layer, W, b in zip((net.layer1, net.layer2, net.layer3), (W1, W2, W3), (b1, b2, b3), strict=True):
        layer["weights"], layer["biases"] = W, b[None]
    net.forward(X)
    return net


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3, X)
    net.optimizer = Kept()
    net.backward(X, T)
    return tuple(net.optimizer.grads[name] for name in ("w1", "b1", "w2", "b2", "w3", "b3"))


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.mse(T, filled(m, W1, b1, W2, b2, W3, b3, X).a3)
