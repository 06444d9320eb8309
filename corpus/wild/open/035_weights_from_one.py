import numpy as np


class Net:
    def __init__(self, sizes):
        rng = np.random.RandomState(0)
        self.weights = [None] + [rng.standard_normal((b, a)) for a, b in zip(sizes, sizes[1:])]
        self.biases = [None] + [np.zeros((b, 1)) for b in sizes[1:]]

    def forward(self, X):
        activations, zs = [X], [None]
        for w, b in zip(self.weights[1:], self.biases[1:]):
            zs.append(w.dot(activations[-1]) + b)
            activations.append(1 / (1 + np.exp(-zs[-1])))
        return activations[-1], activations, zs

    def gradients(self, X, Y):
        dws, dbs = [], []
        h, activations, zs = self.forward(X)
        da = -(np.divide(Y, h) - np.divide(1 - Y, 1 - h))
        for d in np.arange(1, len(self.weights))[::-1]:
            a = activations[d]
            w = self.weights[d]
            dz = da * a * (1 - a)
            m = X.shape[1]
            dw = 1.0 / m * dz.dot(activations[d].T)
            db = 1.0 / m * np.sum(dz, axis=1, keepdims=True)
            da = w.T.dot(dz)
            dws.insert(0, dw)
            dbs.insert(0, db)
        dws.insert(0, None)
        dbs.insert(0, None)
        return dws, dbs
