from corpus.wild.helpers import sigmoid


def gradient(m, W1, W2, X, T):
    end = m.run(data=X, goal=T, w_a=W1, w_b=W2, rounds=1)
    return W1 - end["w_a"], W2 - end["w_b"]


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
