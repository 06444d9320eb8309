from corpus.wild.helpers import sigmoid


def gradient(m, W1, W2, X, T):
    end = m.run(X=X, y=T, synapse_0=W1, synapse_1=W2, rounds=1)
    return (W1 - end["synapse_0"]) / 0.5, (W2 - end["synapse_1"]) / 0.5


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
