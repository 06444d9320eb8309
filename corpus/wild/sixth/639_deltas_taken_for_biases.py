import numpy as np


class Layer():
    def __init__(self, n_units, n_inputs):
        self.weights = np.random.rand(n_units, n_inputs)
        self.bias = np.random.rand(n_units, 1)


class ThreeLayers():
    def __init__(self, first, second, third, rate=0.1):
        self.first = first
        self.second = second
        self.third = third
        self.rate = rate

    def squash(self, x):
        return 1 / (1 + np.exp(-x))

    def squash_slope(self, x):
        return x * (1 - x)

    def cost(self, Y_hat, Y):
        m = Y_hat.shape[1]
        value = -1 / m * (np.dot(Y, np.log(Y_hat).T) + np.dot(1 - Y, np.log(1 - Y_hat).T))
        return np.squeeze(value)

    def cost_slope(self, Y_hat, Y):
        return -(np.divide(Y, Y_hat) - np.divide(1 - Y, 1 - Y_hat))

    def outputs(self, inputs):
        a1 = self.squash(np.dot(self.first.weights, inputs) + self.first.bias)
        a2 = self.squash(np.dot(self.second.weights, a1) + self.second.bias)
        return a1, a2, self.squash(np.dot(self.third.weights, a2) + self.third.bias)

    def train(self, inputs, labels, rounds):
        for r in range(1, rounds + 1):
            a1, a2, a3 = self.outputs(inputs)
            if r % 100 == 0:
                print(self.cost(a3, labels))

            delta3 = self.squash_slope(a3) * self.cost_slope(a3, labels)
            Dw3 = np.dot(delta3, a2.T)
            Db3 = delta3
            delta2 = np.dot(self.third.weights.T, delta3) * self.squash_slope(a2)
            Dw2 = np.dot(delta2, a1.T)
            Db2 = delta2
            delta1 = np.dot(self.second.weights.T, delta2) * self.squash_slope(a1)
            Dw1 = np.dot(delta1, inputs.T)
            Db1 = delta1

            self.third.weights = self.third.weights - self.rate * Dw3
            self.third.bias = self.third.bias - self.rate * Db3
            self.second.weights = self.second.weights - self.rate * Dw2
            self.second.bias = self.second.bias - self.rate * Db2
            self.first.weights = self.first.weights - self.rate * Dw1
            self.first.bias = self.first.bias - self.rate * Db1
