from collections import OrderedDict

import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class Relu:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t = t
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y + 1e-7)) / len(t)

    def backward(self, dout=1):
        return (self.y - self.t) / len(self.t)


class TwoLayerNet:
    def __init__(self, n_in, hidden, n_out, weight_decay_lambda=0):
        rng = np.random.RandomState(0)
        sizes = [n_in, *hidden, n_out]
        self.hidden_layer_num = len(hidden)
        self.weight_decay_lambda = weight_decay_lambda
        self.params = {}
        self.layers = OrderedDict()
        for k in range(1, len(sizes)):
            self.params["W" + str(k)] = np.sqrt(2.0 / sizes[k - 1]) * rng.standard_normal((sizes[k - 1], sizes[k]))
            self.params["b" + str(k)] = np.zeros(sizes[k])
            self.layers["Affine" + str(k)] = Affine(self.params["W" + str(k)], self.params["b" + str(k)])
            if k < len(sizes) - 1:
                self.layers["Activation" + str(k)] = Relu()
        self.last_layer = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        y = self.predict(x)
        decay = 0
        for k in range(1, self.hidden_layer_num + 2):
            decay += 0.5 * self.weight_decay_lambda * np.sum(self.params["W" + str(k)] ** 2)
        return self.last_layer.forward(y, t) + decay

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last_layer.backward(1)
        for layer in reversed(list(self.layers.values())):
            dout = layer.backward(dout)
        grads = {}
        for k in range(1, self.hidden_layer_num + 2):
            affine = self.layers["Affine" + str(k)]
            grads["W" + str(k)] = affine.dW + self.weight_decay_lambda * affine.W
            grads["b" + str(k)] = affine.db
        return grads
