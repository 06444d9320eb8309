import numpy as np


class TwoLayerNet(object):
    def __init__(self, input_size, hidden_size, Fx_size, std=1e-4):
        rng = np.random.RandomState(0)
        self.params = {}
        self.params["W1"] = std * rng.standard_normal((input_size, hidden_size))
        self.params["b1"] = np.zeros(hidden_size)
        self.params["W2"] = std * rng.standard_normal((hidden_size, Fx_size))
        self.params["b2"] = np.zeros(Fx_size)

    def loss(self, X, y=None, reg=0.0):
        def ramp(x):
            return np.maximum(x, 0)

        def soft_max(z):
            z -= np.amax(z, axis=1, keepdims=True)
            return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        N, D = X.shape
        a1 = ramp(np.dot(X, W1) + b1)
        Fx = np.dot(a1, W2) + b2
        if y is None:
            return Fx
        Fx = soft_max(Fx)
        data_loss = -np.mean(np.log(Fx[np.arange(N), y]))
        loss = data_loss + 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
        Y = np.zeros_like(Fx)
        Y[np.arange(N), y] = 1
        dz2 = (Fx.copy() - Y) / N
        da1 = np.dot(dz2, W2.T)
        dW2 = np.dot(a1.T, dz2) + reg * W2
        db2 = np.sum(dz2, axis=0)
        dz1 = da1 * (a1 > 0)
        dW1 = np.dot(X.T, dz1) + reg * W1
        db1 = np.sum(dz1, axis=0)
        return loss, {"W2": dW2, "b2": db2, "W1": dW1, "b1": db1}
