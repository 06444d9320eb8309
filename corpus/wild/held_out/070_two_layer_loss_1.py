import numpy as np


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        rng = np.random.RandomState(0)
        self.params = {}
        self.params["W1"] = std * rng.standard_normal((input_size, hidden_size))
        self.params["b1"] = np.zeros(hidden_size)
        self.params["W2"] = std * rng.standard_normal((hidden_size, output_size))
        self.params["b2"] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        N, D = X.shape
        relu1 = np.maximum(X.dot(W1) + b1, 0)
        scores = relu1.dot(W2) + b2
        if y is None:
            return scores
        scores -= np.max(scores)
        exp_sum = np.sum(np.exp(scores), axis=1)
        loss = -np.sum(scores[np.arange(N), y]) + np.sum(np.log(exp_sum))
        loss /= N
        loss += reg * np.sum(W1 * W1) + reg * np.sum(W2 * W2)
        labels = np.zeros_like(scores)
        labels[np.arange(N), y] = 1
        probs = np.exp(scores) / exp_sum[:, np.newaxis]
        grads = {}
        grads["b2"] = np.sum(probs - labels, axis=0) / N
        grads["W2"] = relu1.T.dot(probs - labels) / N + 2 * reg * W2
        grads["b1"] = (probs - labels).dot(W2.T).sum(axis=0) / N
        grads["W1"] = X.T.dot((probs - labels).dot(W2.T)) / N + 2 * reg * W1
        return loss, grads
