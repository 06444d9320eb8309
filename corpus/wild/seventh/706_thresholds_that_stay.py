import random

import numpy as np


def _rand(a, b):
    return (b - a) * random.random() + a


def _sigmoid(v):
    return 1 / (1 + np.exp(-v))


class Unit:
    """一个节点：权重与阈值"""

    def __init__(self, n_in):
        self.weight = np.array([_rand(-1, 1) for i in range(n_in)])
        self.threshold = _rand(-1, 1)

    def output(self, inputs):
        total = sum([i * w for i, w in zip(inputs, self.weight)])
        return _sigmoid(total - self.threshold)

    def update(self, d_weight, d_threshold):
        self.weight = self.weight + d_weight
        # self.threshold = self.threshold + d_threshold


class UnitLayer:
    """一层"""

    def __init__(self, n_in, n_out):
        self.units = [Unit(n_in) for i in range(n_out)]

    def weights(self):
        return np.array([u.weight for u in self.units])

    def outputs(self, inputs):
        return np.array([u.output(inputs) for u in self.units])

    def update(self, d_weight, d_threshold):
        for i, unit in enumerate(self.units):
            unit.update(d_weight[i], d_threshold[i])


class UnitNet:
    """隐藏层与输出层"""

    def __init__(self, n_in, n_hidden, n_out):
        self.hidden = UnitLayer(n_in, n_hidden)
        self.output = UnitLayer(n_hidden, n_out)

    def changes(self, sample, label, rate):
        h = self.hidden.outputs(sample)
        o = self.output.outputs(h)
        g = o * (1 - o) * (label - o)
        delta_w = rate * np.dot(g.reshape(-1, 1), h.reshape(1, -1))
        delta_theta = - rate * g
        e = h * (1 - h) * np.dot(g, self.output.weights())
        delta_v = rate * np.dot(e.reshape(-1, 1), sample.reshape(1, -1))
        delta_gamma = - rate * e
        # 均方误差
        E = 0.5 * sum((o - label) ** 2)
        return delta_w, delta_theta, delta_v, delta_gamma, E

    def accumulate_train(self, samples, labels, rate=1, epochs=100):
        samples, labels = np.array(samples), np.array(labels)
        for count in range(epochs):
            parts = [self.changes(s, l, rate) for s, l in zip(samples, labels)]
            w, theta, v, gamma, E = (sum(p) for p in zip(*parts))
            n = len(samples)
            self.output.update(w / n, theta / n)
            self.hidden.update(v / n, gamma / n)
            if count % 100 == 0:
                print('Epoch: %d , Error %-.10f' % (count, E))
        return E


if __name__ == '__main__':
    net = UnitNet(2, 2, 1)
    net.accumulate_train([[1, 0], [0, 1], [0, 0], [1, 1]], [[1], [1], [0], [0]], epochs=500)
