import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_slope(x):
    return sigmoid(x) * (1 - sigmoid(x))


def error_of(y, output):
    return -y * np.log(output) - (1 - y) * np.log(1 - output)


def error_term_of(x, y, output):
    return (y - output) * sigmoid_slope(x)


epochs = 1000
rate = 0.5


def train_weights(features, targets, epochs, rate):
    np.random.seed(42)
    n_rows, n_features = features.shape
    before = None

    weights = np.random.normal(scale=1 / n_features**0.5, size=n_features)

    for e in range(epochs):
        change = np.zeros(weights.shape)
        for x, y in zip(features, targets):
            output = sigmoid(np.dot(x, weights))
            error = error_of(y, output)
            error_term = error_term_of(x, y, output)
            change += error_term * x

        weights += rate * change / n_rows

        if e % (epochs / 10) == 0:
            out = sigmoid(np.dot(features, weights))
            loss = np.mean((out - targets) ** 2)
            if before and before < loss:
                print("Epoch", e, "train loss", loss, "  WARNING - Loss Increasing")
            else:
                print("Epoch", e, "train loss", loss)
            before = loss
    return weights
