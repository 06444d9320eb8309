import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_prime(x):
    return sigmoid(x) * (1 - sigmoid(x))


def error_formula(y, output):
    return -y * np.log(output) - (1 - y) * np.log(1 - output)


def error_term_formula(x, y, output):
    return (y - output) * sigmoid_prime(x)


epochs = 1000
learnrate = 0.5


def train_nn(features, targets, epochs, learnrate):
    np.random.seed(42)
    n_records, n_features = features.shape
    last_loss = None

    weights = np.random.normal(scale=1 / n_features**0.5, size=n_features)

    for e in range(epochs):
        del_w = np.zeros(weights.shape)
        for x, y in zip(features, targets):
            output = sigmoid(np.dot(x, weights))
            error = error_formula(y, output)
            error_term = error_term_formula(x, y, output)
            del_w += error_term * x

        weights += learnrate * del_w / n_records

        if e % (epochs / 10) == 0:
            out = sigmoid(np.dot(features, weights))
            loss = np.mean((out - targets) ** 2)
            if last_loss and last_loss < loss:
                print("Epoch", e, "train loss", loss, "  WARNING - Loss Increasing")
            else:
                print("Epoch", e, "train loss", loss)
            last_loss = loss
    return weights
