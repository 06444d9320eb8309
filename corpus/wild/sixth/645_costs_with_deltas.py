import random

import numpy as np


def squash(z):
    return 1.0 / (1.0 + np.exp(-z))


def squash_prime(z):
    return squash(z) * (1 - squash(z))


class Squares(object):
    @staticmethod
    def fn(a, y):
        return 0.5 * np.linalg.norm(a - y) ** 2

    @staticmethod
    def delta(z, a, y):
        return (a - y) * squash_prime(z)


class Entropy(object):
    @staticmethod
    def fn(a, y):
        return np.sum(np.nan_to_num(-y * np.log(a) - (1 - y) * np.log(1 - a)))

    @staticmethod
    def delta(z, a, y):
        return a - y


class CostNet(object):
    def __init__(self, sizes, cost=Entropy):
        self.n_layers = len(sizes)
        self.sizes = sizes
        self.biases = [np.random.randn(n, 1) for n in sizes[1:]]
        self.weights = [np.random.randn(n, m) / np.sqrt(m) for m, n in zip(sizes[:-1], sizes[1:])]
        self.cost = cost

    def feedforward(self, a):
        for b, w in zip(self.biases, self.weights):
            a = squash(np.dot(w, a) + b)
        return a

    def SGD(self, data, epochs, batch_size, eta, lmbda=0.0):
        data = list(data)
        for _ in range(epochs):
            random.shuffle(data)
            for k in range(0, len(data), batch_size):
                self.update_batch(data[k:k + batch_size], eta, lmbda, len(data))

    def update_batch(self, batch, eta, lmbda, n):
        sum_b = [np.zeros(b.shape) for b in self.biases]
        sum_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in batch:
            one_b, one_w = self.backprop(x, y)
            sum_b = [s + o for s, o in zip(sum_b, one_b)]
            sum_w = [s + o for s, o in zip(sum_w, one_w)]
        self.weights = [(1 - eta * (lmbda / n)) * w - (eta / len(batch)) * s for w, s in zip(self.weights, sum_w)]
        self.biases = [b - (eta / len(batch)) * s for b, s in zip(self.biases, sum_b)]

    def backprop(self, x, y):
        grads_b = [np.zeros(b.shape) for b in self.biases]
        grads_w = [np.zeros(w.shape) for w in self.weights]
        a = x
        outs = [x]
        sums = []
        for b, w in zip(self.biases, self.weights):
            z = np.dot(w, a) + b
            sums.append(z)
            a = squash(z)
            outs.append(a)
        delta = self.cost.delta(sums[-1], outs[-1], y)
        grads_b[-1] = delta
        grads_w[-1] = np.dot(delta, outs[-2].transpose())
        for l in range(2, self.n_layers):
            delta = np.dot(self.weights[-l + 1].transpose(), delta) * squash_prime(sums[-l])
            grads_b[-l] = delta
            grads_w[-l] = np.dot(delta, outs[-l - 1].transpose())
        return (grads_b, grads_w)

    def total_cost(self, data, lmbda):
        cost = 0.0
        for x, y in data:
            cost += self.cost.fn(self.feedforward(x), y) / len(data)
        cost += 0.5 * (lmbda / len(data)) * sum(np.linalg.norm(w) ** 2 for w in self.weights)
        return cost
