import numpy as np


class Network:
    def __init__(self, sizes, rate=0.05, batch_size=32):
        rng = np.random.RandomState(0)
        self.weights_1 = rng.normal(0, 0.1, size=(sizes[1], sizes[0]))
        self.weights_2 = rng.normal(0, 0.1, size=(sizes[-1], sizes[1]))
        self.bias_1 = rng.normal(0, 0.1, size=(sizes[1], 1))
        self.bias_2 = rng.normal(0, 0.1, size=(sizes[-1], 1))
        self.rate = rate
        self.batch_size = batch_size

    def cleared(self):
        return [np.zeros(a.shape) for a in (self.weights_1, self.weights_2, self.bias_1, self.bias_2)]

    def train(self, xs, ys):
        count = 0
        g1, g2, c1, c2 = self.cleared()
        rest = xs.shape[0] % self.batch_size
        for i in range(xs.shape[0]):
            guess, a = self.forward_pass(xs[i])
            d2 = guess - ys[i]
            d1 = np.matmul(self.weights_2.T, d2) * (a * (1 - a))
            g2 = g2 + np.outer(d2, a)
            g1 = g1 + np.outer(d1, xs[i])
            c1 = c1 + d1
            c2 = c2 + d2
            count += 1
            if count == self.batch_size:
                share = self.rate / self.batch_size
                self.weights_1 = self.weights_1 - share * g1
                self.weights_2 = self.weights_2 - share * g2
                self.bias_1 = self.bias_1 - share * c1
                self.bias_2 = self.bias_2 - share * c2
                count = 0
                g1, g2, c1, c2 = self.cleared()
        if rest != 0:
            self.weights_1 = self.weights_1 - (self.rate / rest) * g1
            self.weights_2 = self.weights_2 - (self.rate / rest) * g2

    def forward_pass(self, x):
        a = 1 / (1 + np.exp(-(np.matmul(self.weights_1, x) + self.bias_1)))
        z = np.matmul(self.weights_2, a) + self.bias_2
        return np.exp(z) / np.sum(np.exp(z), axis=0), a

    def cross_entropy(self, guess, label):
        return -1 * np.log(guess[label])
