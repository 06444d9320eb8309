from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, W3, b3, W4, b4, X, T):
    matrices = [W.T for W in (W1, W2, W3, W4)]
    offsets = [b[:, None] for b in (b1, b2, b3, b4)]

    def one(x, t):
        end = m.run(x_sample=x[:, None], y_sample=t[:, None], matrices=matrices, offsets=offsets)
        pairs = zip(end["grad_matrices"], end["grad_offsets"], strict=True)
        return [part for dA, db in pairs for part in (dA.T, db[:, 0])]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, W3, b3, W4, b4, X, T):
    hidden = sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3)
    return 0.5 * ((hidden @ W4 + b4 - T) ** 2).sum()
