import math
import random

import numpy as np


class Net:
    def __init__(self, n_in, n_hidden, n_out, seed):
        self.ni, self.nh, self.no = n_in, n_hidden, n_out
        self.i_nodes = np.zeros(shape=[n_in])
        self.h_nodes = np.zeros(shape=[n_hidden])
        self.o_nodes = np.zeros(shape=[n_out])
        self.ih_weights = np.zeros(shape=[n_in, n_hidden])
        self.ho_weights = np.zeros(shape=[n_hidden, n_out])
        self.h_biases = np.zeros(shape=[n_hidden])
        self.o_biases = np.zeros(shape=[n_out])
        self.rnd = random.Random(seed)
        self.set_weights([self.rnd.uniform(-0.5, 0.5) for _ in range(n_in * n_hidden + n_hidden * n_out + n_hidden + n_out)])

    def set_weights(self, weights):
        at = iter(weights)
        for i in range(self.ni):
            for j in range(self.nh):
                self.ih_weights[i, j] = next(at)
        for j in range(self.nh):
            self.h_biases[j] = next(at)
        for j in range(self.nh):
            for k in range(self.no):
                self.ho_weights[j, k] = next(at)
        for k in range(self.no):
            self.o_biases[k] = next(at)

    def compute_outputs(self, values):
        h_sums, o_sums = np.zeros(self.nh), np.zeros(self.no)
        for i in range(self.ni):
            self.i_nodes[i] = values[i]
        for j in range(self.nh):
            for i in range(self.ni):
                h_sums[j] += self.i_nodes[i] * self.ih_weights[i, j]
            h_sums[j] += self.h_biases[j]
            self.h_nodes[j] = math.tanh(h_sums[j])
        for k in range(self.no):
            for j in range(self.nh):
                o_sums[k] += self.h_nodes[j] * self.ho_weights[j, k]
            o_sums[k] += self.o_biases[k]
        top = max(o_sums)
        divisor = sum(math.exp(s - top) for s in o_sums)
        for k in range(self.no):
            self.o_nodes[k] = math.exp(o_sums[k] - top) / divisor
        return np.array(self.o_nodes)

    def train(self, data, epochs, rate, momentum):
        last = [np.zeros(a.shape) for a in (self.ih_weights, self.h_biases, self.ho_weights, self.o_biases)]
        indices = np.arange(len(data))
        for _ in range(epochs):
            self.rnd.shuffle(indices)
            for idx in indices:
                self.compute_outputs(data[idx, : self.ni])
                target = data[idx, self.ni :]
                o_signals, h_signals = np.zeros(self.no), np.zeros(self.nh)
                for k in range(self.no):
                    slope = (1 - self.o_nodes[k]) * self.o_nodes[k]
                    o_signals[k] = slope * (target[k] - self.o_nodes[k])
                for j in range(self.nh):
                    total = 0.0
                    for k in range(self.no):
                        total += o_signals[k] * self.ho_weights[j, k]
                    h_signals[j] = (1 - self.h_nodes[j]) * (1 + self.h_nodes[j]) * total
                grads = [
                    np.outer(self.i_nodes, h_signals),
                    h_signals * 1.0,
                    np.outer(self.h_nodes, o_signals),
                    o_signals * 1.0,
                ]
                values = (self.ih_weights, self.h_biases, self.ho_weights, self.o_biases)
                for n, (value, grad) in enumerate(zip(values, grads)):
                    delta = rate * grad
                    value += delta
                    value += momentum * last[n]
                    last[n] = delta

    def mean_squared_error(self, data):
        total = 0.0
        for row in data:
            guess = self.compute_outputs(row[: self.ni])
            for j in range(self.no):
                total += (row[self.ni + j] - guess[j]) ** 2
        return total / len(data)
