import numpy as np


class SeriesNet:
    def __init__(self, topo, train):
        self.lrate = 0.1
        self.top = topo  # inputs, hidden, outputs
        self.data = train
        np.random.seed(11)
        self.W1 = np.random.randn(self.top[0], self.top[1]) / np.sqrt(self.top[0])
        self.B1 = np.random.randn(1, self.top[1]) / np.sqrt(self.top[1])
        self.W2 = np.random.randn(self.top[1], self.top[2]) / np.sqrt(self.top[1])
        self.B2 = np.random.randn(1, self.top[2]) / np.sqrt(self.top[1])
        self.hidout = np.zeros((1, self.top[1]))
        self.out = np.zeros((1, self.top[2]))

    def squash(self, v):
        return 1 / (1 + np.exp(-v))

    def rmse(self, actual, targets):
        return np.sqrt((np.square(np.subtract(np.absolute(actual), np.absolute(targets)))).mean())

    def ForwardPass(self, X):
        z1 = X.dot(self.W1) - self.B1
        self.hidout = self.squash(z1)
        z2 = self.hidout.dot(self.W2) - self.B2
        self.out = self.squash(z2)

    def BackwardPass(self, X, desired):
        out_delta = (desired - self.out) * (self.out * (1 - self.out))
        hid_delta = out_delta.dot(self.W2.T) * (self.hidout * (1 - self.hidout))

        self.W2 += (self.hidout.T.dot(out_delta) * self.lrate)
        self.B2 += (-1 * self.lrate * out_delta[0])
        self.W1 += (X.T.dot(hid_delta) * self.lrate)
        self.B1 += (-1 * self.lrate * hid_delta[0])

    def fitness(self):
        size = self.data.shape[0]
        X = np.zeros((1, self.top[0]))
        fx = np.zeros(size)
        for pat in range(0, size):
            X[:] = self.data[pat, 0:self.top[0]]
            self.ForwardPass(X)
            fx[pat] = self.out[0, 0]
        return self.rmse(self.data[:, self.top[0]], fx)

    def run(self, gens):
        X = np.zeros((1, self.top[0]))
        desired = np.zeros((1, self.top[2]))
        gen = 0
        while (gen < gens):
            for sample in self.data:
                gen += 1
                X[:] = sample[0:self.top[0]]
                desired[:] = sample[self.top[0]:]
                self.ForwardPass(X)
                self.BackwardPass(X, desired)
            print('Epoch: ' + str(gen) + ' fitness: ' + str(self.fitness()))
