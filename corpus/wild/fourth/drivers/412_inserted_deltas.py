from corpus.wild.helpers import sigmoid, stepped, summed

PATHS = ("weights[0]", "biases[0]", "weights[1]", "biases[1]", "weights[2]", "biases[2]")


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    parts = (W1.T, b1[:, None], W2.T, b2[:, None], W3.T, b3[:, None])
    given = dict(zip(PATHS, parts, strict=True))

    def one(x, t):
        def act(o):
            o.backward(o.forward(x[:, None]), t[:, None])

        g = stepped(m.NeuralNetwork([2, 4, 3, 2]), given, act, 0.1)
        return tuple(part.T if i % 2 == 0 else part[:, 0] for i, part in enumerate(g))

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return 0.5 * ((sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3) - T) ** 2).sum()
