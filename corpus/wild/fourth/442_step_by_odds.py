from math import exp

import numpy as np


class LogisticRegression:
    def __init__(self, learning_rate=0.1, num_iterations=1000):
        self.learning_rate = learning_rate
        self.num_iterations = num_iterations

    def __chance(self, x, b):
        return exp(b.dot(x)) / float(exp(1 + b.dot(x)))

    def __gradient(self, X, y):
        grad = np.zeros(self.p)
        for j in range(self.p):
            for i in range(self.m):
                grad[j] += self.__chance(X[i], self.b) - y[i]
            grad[j] *= X[i, j]
        return grad

    def __descend(self, X, y):
        for i in range(self.num_iterations):
            slope = self.__gradient(X, y)
            self.b -= (self.learning_rate / float(self.m)) * slope
            print(self.b)

    def fit(self, X, y):
        X = np.column_stack((np.ones(X.shape[0]).T, X))
        self.m = X.shape[0]
        self.p = X.shape[1]
        self.b = np.zeros(self.p)
        self.__descend(X, y)
        print(self.b)
