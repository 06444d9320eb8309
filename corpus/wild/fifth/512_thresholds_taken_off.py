import numpy as np
from numpy.random import permutation, random


class ThresholdNet:
    """lr_o, lr_h: learning rates of the output and the hidden layer; ni, nh, no: numbers of nodes"""

    def __init__(self, ni, nh, no, lr_o, lr_h, rounds, small):
        self.ni = ni
        self.nh = nh
        self.no = no
        self.lr_o = lr_o
        self.lr_h = lr_h

        self.__t_out = random(self.no)  # thresholds
        self.__w_out = random((self.no, self.nh))
        self.__t_hid = random(self.nh)
        self.__w_hid = random((self.nh, self.ni))

        self.__rounds = rounds
        self.__small = small

    def fit(self, train_x, train_y):
        for _ in range(self.__rounds):
            for at in permutation(train_x.shape[0]):
                x = train_x[at]
                y = train_y[at]
                hid, out = self.__run(x)
                err = np.sum(np.power(out - y, 2)) / 2
                if err < self.__small:
                    return
                g = out * (1 - out) * (y - out)
                e = np.array([hid[i] * (1 - hid[i]) * np.dot(self.__w_out.T[i], g) for i in range(self.nh)])

                for i in range(self.no):
                    self.__w_out[i] += self.lr_o * g[i] * hid
                self.__t_out -= self.lr_o * g

                for i in range(self.nh):
                    self.__w_hid[i] += self.lr_h * e[i] * x
                self.__t_hid -= self.lr_h * e

    def predict(self, test_x):
        return np.array([list(map(lambda f: 1 if f > 0.5 else 0, self.__run(x)[1])) for x in test_x])

    def __sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def __run(self, x):
        hid = self.__sigmoid(np.array([(np.dot(x, self.__w_hid[i]) - self.__t_hid[i]) for i in range(self.nh)]))
        out = self.__sigmoid(np.array([(np.dot(hid, self.__w_out[i]) - self.__t_out[i]) for i in range(self.no)]))
        return hid, out
