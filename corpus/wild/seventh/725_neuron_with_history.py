import numpy as np


def logistic(v):
    return 1 / (1 + np.exp(-v))


def teach_neuron(features: np.ndarray, labels: np.ndarray, weights: np.ndarray, bias: float, rate: float, epochs: int):
    weights = np.array(weights)
    features = np.array(features)
    labels = np.array(labels)
    history = []

    for _ in range(epochs):
        z = np.dot(features, weights) + bias
        guesses = logistic(z)

        mse = np.mean((guesses - labels) ** 2)
        history.append(mse)

        errors = guesses - labels
        slopes = guesses * (1 - guesses)
        g_weights = (1 / len(labels)) * np.dot(features.T, errors * slopes)
        g_bias = (1 / len(labels)) * np.sum(errors * slopes)

        weights = weights - rate * g_weights
        bias = bias - rate * g_bias

    return weights, bias, history


if __name__ == '__main__':
    some = np.array([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]])
    print(teach_neuron(some, np.array([1, 0, 0]), np.array([0.1, -0.2]), 0.0, 0.1, 2))
