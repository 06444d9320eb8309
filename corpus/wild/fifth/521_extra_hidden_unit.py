import numpy as np


class BiasTrickNet:
    def __init__(self, layers, alpha=0.1):
        # list of weight matrices, architecture and learning rate
        self.W = []
        self.layers = layers
        self.alpha = alpha
        rng = np.random.RandomState(4)
        for i in np.arange(0, len(layers) - 2):
            w = rng.randn(layers[i] + 1, layers[i + 1] + 1)
            self.W.append(w / np.sqrt(layers[i]))
        # the last connection has a bias at its inputs alone
        w = rng.randn(layers[-2] + 1, layers[-1])
        self.W.append(w / np.sqrt(layers[-2]))

    def __repr__(self):
        return "BiasTrickNet: {}".format("-".join(str(n) for n in self.layers))

    def sigmoid(self, x):
        return 1.0 / (1 + np.exp(-x))

    def sigmoid_slope(self, x):
        # x went through the sigmoid already
        return x * (1 - x)

    def fit(self, X, y, epochs=1000, show_every=100):
        X = np.c_[X, np.ones((X.shape[0]))]
        for epoch in np.arange(0, epochs):
            for (x, target) in zip(X, y):
                self.fit_one(x, target)
            if epoch == 0 or (epoch + 1) % show_every == 0:
                print("[INFO] epoch={}, loss={:.7f}".format(epoch + 1, self.loss_of(X, y)))

    def fit_one(self, x, y):
        A = [np.atleast_2d(x)]
        for layer in np.arange(0, len(self.W)):
            net = A[layer].dot(self.W[layer])
            A.append(self.sigmoid(net))

        error = A[-1] - y
        D = [error * self.sigmoid_slope(A[-1])]
        for layer in np.arange(len(A) - 2, 0, -1):
            delta = D[-1].dot(self.W[layer].T)
            delta = delta * self.sigmoid_slope(A[layer])
            D.append(delta)

        D = D[::-1]
        for layer in np.arange(0, len(self.W)):
            self.W[layer] += -self.alpha * A[layer].T.dot(D[layer])

    def predict(self, X, add_ones=True):
        p = np.atleast_2d(X)
        if add_ones:
            p = np.c_[p, np.ones((p.shape[0]))]
        for layer in np.arange(0, len(self.W)):
            p = self.sigmoid(np.dot(p, self.W[layer]))
        return p

    def loss_of(self, X, targets):
        targets = np.atleast_2d(targets)
        return 0.5 * np.sum((self.predict(X, add_ones=False) - targets) ** 2)
