from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, X, T):
    end = m.run(X=X, Y=T, W1=W1, W2=W2, B1=b1[:, None], B2=b2[:, None], rounds=1, batch=len(X))
    return (W1 - end["W1"]) / 3, (b1 - end["B1"][:, 0]) / 3, (W2 - end["W2"]) / 3, (b2 - end["B2"][:, 0]) / 3


def loss(m, W1, b1, W2, b2, X, T):
    Y = sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)
    return ((Y - T) ** 2).sum() / (2 * len(X))
