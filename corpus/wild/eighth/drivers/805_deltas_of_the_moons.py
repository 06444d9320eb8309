from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    def one(x, t):
        net = m.MoonNetwork()
        for W, b in ((W1, b1), (W2, b2), (W3, b3)):
            net.add_layer(m.MoonLayer(*W.shape, "sigmoid", W.copy(), b.copy()))
        net.backpropagation(x, t, 0.05)
        found = []
        for layer, W, b in zip(net._layers, (W1, W2, W3), (b1, b2, b3), strict=True):
            found += [(W - layer.weights) / 0.05, (b - layer.bias) / 0.05]
        return found

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    out = sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3)
    return 0.5 * ((out - T) ** 2).sum()
