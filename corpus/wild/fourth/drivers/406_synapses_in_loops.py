from corpus.wild.helpers import sigmoid, stepped, summed


def gradient(m, W1, W2, X, T):
    given = {"syn_in": W1, "syn_out": W2}
    return summed(lambda x, t: stepped(m.NNetwork(), given, lambda o: o._learn(x, t), 1), X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
