import numpy as np


class TwoLayerNet(object):
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
        hidden = np.maximum(0, np.dot(X, W1) + b1)
        scores = np.dot(hidden, W2) + b2
        if y is None:
            return scores
        e = np.exp(scores)
        probs = e / np.sum(e, axis=1, keepdims=True)
        loss = np.sum(-np.log(probs[range(N), y])) / N
        loss = loss + reg * np.sum(W1 * W1) + reg * np.sum(W2 * W2)
        d_scores = probs
        d_scores[range(N), y] -= 1
        d_scores /= N
        grads = {}
        grads["W2"] = np.dot(hidden.T, d_scores)
        grads["b2"] = np.sum(d_scores, axis=0)
        d_hidden = np.dot(d_scores, W2.T)
        d_hidden[hidden <= 0] = 0
        grads["W1"] = np.dot(X.T, d_hidden)
        grads["b1"] = np.sum(d_hidden, axis=0)
        grads["W2"] += 2 * reg * W2
        grads["W1"] += 2 * reg * W1
        return loss, grads
