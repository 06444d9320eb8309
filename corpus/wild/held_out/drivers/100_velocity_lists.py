from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, X, T, l2):
    weights, bias = [W1.T + 0, W2.T + 0], [b1[None] + 0, b2[None] + 0]
    still = [0, 0]
    seen = m.feedforward(X, weights, bias)
    new, moved, _, _ = m.backpropagation(T, still, still, seen, weights, bias, 1, 1, 2 * l2)
    return W1 - new[0].T, b1 - moved[0][0], W2 - new[1].T, b2 - moved[1][0]


def loss(m, W1, b1, W2, b2, X, T, l2):
    Y = sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)
    return 0.5 * ((Y - T) ** 2).sum() + l2 * ((W1**2).sum() + (W2**2).sum())
