import numpy as np


# n: features, m: examples
class ColumnRegression(object):
    def __init__(self, rate=0.001, rounds=50):
        self.rate = rate
        self.rounds = rounds

    # X is n x m, y holds m labels
    def fit(self, X, y):
        m = X.shape[1]
        self.w = np.zeros((X.shape[0], 1))
        self.b = np.zeros((1, 1))
        self.costs = []

        for r in range(self.rounds):
            out = self.activate(X)
            self.costs.append(self.cost(y, out))

            dz = out - y
            dw = 1 / m * np.matmul(X, dz.T)
            db = 1 / m * np.sum(dz)

            self.w = self.w - self.rate * dw
            self.b = self.b - self.rate * db

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def cost(self, y, out):
        return -np.mean(y * np.log(out) + (1 - y) * np.log(1 - out))

    def activate(self, X):
        return self.sigmoid(np.matmul(self.w.T, X) + self.b)

    def predict(self, X):
        return np.where(self.activate(X) >= 0.5, 1, 0)


if __name__ == '__main__':
    rng = np.random.RandomState(1)
    flowers = rng.randn(2, 40)
    kinds = (flowers[0] + flowers[1] > 0).astype(int)
    model = ColumnRegression(rate=0.01, rounds=15)
    model.fit(flowers, kinds)
    print('Wrong: %d' % (kinds != model.predict(flowers)[0]).sum())
