from corpus.wild.helpers import sigmoid, stepped, summed

PATHS = ("layer_weights[0]", "biases[0]", "layer_weights[1]", "biases[-1]")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1.T, b1, W2.T, b2), strict=True))

    def one(x, t):
        g = stepped(m.NeuralNetwork(2, 4, 1, 1, 0.1), given, lambda o: o.train([x], [t], 1), 0.1)
        return g[0].T, g[1], g[2].T, g[3]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.NeuralNetwork(2, 4, 1, 1, 0.1)
    Y = sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)
    return sum(net.loss_function(y, t) for y, t in zip(Y, T, strict=True))
