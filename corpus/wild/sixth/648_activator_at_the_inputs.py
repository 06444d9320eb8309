import numpy as np


class Logistic(object):
    def forward(self, z):
        return 1.0 / (1.0 + np.exp(-z))

    def backward(self, out):
        return out * (1 - out)


class Full(object):
    """全连接层"""

    def __init__(self, n_in, n_out, activator):
        self.n_in = n_in
        self.n_out = n_out
        self.activator = activator
        self.W = np.random.uniform(-0.1, 0.1, (n_out, n_in))
        self.b = np.zeros((n_out, 1))
        self.out = np.zeros((n_out, 1))

    def forward(self, values):
        self.values = values
        self.out = self.activator.forward(np.dot(self.W, values) + self.b)

    def backward(self, delta):
        # 传给前一层
        self.delta = self.activator.backward(self.values) * np.dot(self.W.T, delta)
        self.W_grad = np.dot(delta, self.values.T)
        self.b_grad = delta

    def update(self, rate):
        self.W += rate * self.W_grad
        self.b += rate * self.b_grad


class Chain(object):
    def __init__(self, sizes):
        self.layers = []
        for i in range(len(sizes) - 1):
            self.layers.append(Full(sizes[i], sizes[i + 1], Logistic()))

    def predict(self, sample):
        out = sample
        for layer in self.layers:
            layer.forward(out)
            out = layer.out
        return out

    def train(self, labels, samples, rate, epochs):
        for i in range(epochs):
            for d in range(len(samples)):
                self.train_one_sample(labels[d], samples[d], rate)

    def train_one_sample(self, label, sample, rate):
        self.predict(sample)
        self.calc_gradient(label)
        self.update_weight(rate)

    def calc_gradient(self, label):
        last = self.layers[-1]
        delta = last.activator.backward(last.out) * (label - last.out)
        for layer in self.layers[::-1]:
            layer.backward(delta)
            delta = layer.delta
        return delta

    def update_weight(self, rate):
        for layer in self.layers:
            layer.update(rate)

    def loss(self, out, label):
        return 0.5 * ((label - out) * (label - out)).sum()

    def gradient_check(self, sample, label):
        """梯度检查"""
        self.predict(sample)
        self.calc_gradient(label)
        h = 10e-4
        for layer in self.layers:
            for at in np.ndindex(layer.W.shape):
                layer.W[at] += h
                above = self.loss(label, self.predict(sample))
                layer.W[at] -= 2 * h
                below = self.loss(label, self.predict(sample))
                layer.W[at] += h
                print('%s: %.4e, %.4e' % (at, (above - below) / (2 * h), layer.W_grad[at]))
