from corpus.wild.helpers import relu, sigmoid


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    given = {"W1": W1, "b1": b1[None], "W2": W2, "b2": b2[None], "W3": W3, "b3": b3[None]}
    end = m.run(X=X, Y=T, epochs=1, **given)
    g = [(old - end[name]) / 0.01 for name, old in given.items()]
    return g[0], g[1][0], g[2], g[3][0], g[4], g[5][0]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return ((sigmoid(relu(relu(X @ W1 + b1) @ W2 + b2) @ W3 + b3) - T) ** 2).mean()
