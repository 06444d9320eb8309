import numpy as np


class TwoLayerNet(object):
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params["W1"] = std * np.random.randn(input_size, hidden_size)
        self.params["b1"] = std * np.random.randn(hidden_size) + 0.5
        self.params["W2"] = std * np.random.randn(hidden_size, output_size)
        self.params["b2"] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        N, D = X.shape
        z = np.dot(X, W1) + b1
        h = np.maximum(z, 0)
        scores = np.dot(h, W2) + b2
        if y is None:
            return scores
        out = np.exp(scores)
        out /= np.sum(out, axis=1).reshape(N, 1)
        loss = -np.sum(np.log(out[np.arange(N), y])) / N
        loss += 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
        dout = np.copy(out)
        dout[np.arange(N), y] -= 1
        dz = np.dot(dout, W2.T) * (z > 0)
        grads = {}
        grads["W2"] = np.dot(h.T, dout) / N + reg * W2
        grads["b2"] = np.sum(dout, axis=0) / N
        grads["W1"] = np.dot(X.T, dz) / N + reg * W1
        grads["b1"] = np.sum(dz, axis=0) / N
        return loss, grads

    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=1, batch_size=5):
        history = []
        for _ in range(num_iters):
            chosen = np.random.choice(X.shape[0], batch_size)
            loss, grads = self.loss(X[chosen], y=y[chosen], reg=reg)
            history.append(loss)
            self.params["W2"] -= learning_rate * grads["W2"]
            self.params["b2"] -= learning_rate * grads["b2"]
            self.params["W1"] -= learning_rate * grads["W1"]
            self.params["b1"] -= learning_rate * grads["b1"]
        return {"loss_history": history}
