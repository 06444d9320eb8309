import numpy as np


class MLP(object):
    dim_in = 2
    hidden_nodes = 4
    dim_out = 1
    eta = 0.01
    w = np.random.RandomState(0).standard_normal((dim_in, hidden_nodes))
    v = np.random.RandomState(1).standard_normal((hidden_nodes, dim_out))

    def fit(self, X, y):
        for _ in range(100):
            y_pred = self.forward(X)
            self.backward(X, y_pred, y)

    def slope(self, x):
        return x * (1 - x)

    def squash(self, x):
        return 1 / (1 + np.exp(-x))

    def forward(self, X):
        self.x = X
        self.a = np.dot(self.x, self.w)
        self.h = self.squash(self.a)
        self.b = np.dot(self.h, self.v)
        self.y = self.squash(self.b)
        return self.y

    def backward(self, x, y_pred, y):
        d_y = y_pred - y
        d_b = self.slope(self.y)
        d_out = np.dot(self.h.T, (d_y * d_b))
        d_h = np.dot((d_y * d_b), self.v.T)
        d_x = self.slope(self.h)
        d_hid = np.dot(x.T, (d_h * d_x))
        self.w = self.w - (self.eta * d_hid)
        self.v = self.v - (self.eta * d_out)
