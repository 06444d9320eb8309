from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    given = {"weight_hidden1": W1, "bias1": b1, "weight_hidden2": W2, "bias2": b2, "weight_output": W3, "bias_out": b3}
    end = m.run(input_features=X, target_output=T, num_epochs=1, bias_scalar=1, **given)
    return tuple((old - end[name]) / 0.01 for name, old in given.items())


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return 0.5 * ((sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3) - T) ** 2).sum()
