from corpus.wild.helpers import relu, sigmoid, stepped

PATHS = ("[0].W", "[0].b", "[1].W", "[1].b", "[2].W", "[2].b")


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    P = (W1, b1[None], W2, b2[None], W3, b3[None])
    g = stepped(m.build(), dict(zip(PATHS, P, strict=True)), lambda net: m.train_once(X, T, net, 0.01), 0.01)
    return tuple(d if i % 2 == 0 else d[0] for i, d in enumerate(g))


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    Y = sigmoid(relu(relu(X @ W1 + b1) @ W2 + b2) @ W3 + b3)
    return m.squared(Y, T)[0]
