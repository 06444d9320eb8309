import numpy as np

n_features, n_hidden_neurons, n_categories = 2, 4, 3
rng = np.random.RandomState(0)
hidden_weights = rng.standard_normal((n_features, n_hidden_neurons))
hidden_bias = np.zeros(n_hidden_neurons) + 0.01
output_weights = rng.standard_normal((n_hidden_neurons, n_categories))
output_bias = np.zeros(n_categories) + 0.01


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def feed_forward_train(X):
    hidden = sigmoid(X @ hidden_weights + hidden_bias)
    e = np.exp(hidden @ output_weights + output_bias)
    probabilities = e / np.sum(e, axis=1, keepdims=True)
    return hidden, probabilities


def backpropagation(X, Y):
    hidden, probabilities = feed_forward_train(X)
    miss_out = probabilities - Y
    miss_hidden = np.matmul(miss_out, output_weights.T) * hidden * (1 - hidden)

    grad_Wo = np.matmul(hidden.T, miss_out)
    grad_bo = np.sum(miss_out, axis=0)
    grad_Wh = np.matmul(X.T, miss_hidden)
    grad_bh = np.sum(miss_hidden, axis=0)
    return grad_Wo, grad_bo, grad_Wh, grad_bh
