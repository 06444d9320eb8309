import numpy as np


class MLP(object):
    def __init__(self, in_dim, hidden_dim, out_dim):
        rng = np.random.RandomState(0)
        self.w1 = rng.uniform(low=-0.5, high=0.5, size=[in_dim, hidden_dim])
        self.b1 = np.zeros(shape=[1, hidden_dim])
        self.w2 = rng.uniform(low=-0.5, high=0.5, size=[hidden_dim, out_dim])
        self.b2 = np.zeros(shape=[1, out_dim])
        self.temp = []

    def forward(self, x):
        self.temp.append(x)
        hidden = self.ramp(x.dot(self.w1) + self.b1)
        self.temp.append(hidden)
        return self.ramp(hidden.dot(self.w2) + self.b2)

    def mse(self, y, label):
        return ((y - label) ** 2).mean()

    def _mse(self, y, label):
        return (2 * y - 2 * label) / y.shape[0]

    def ramp(self, x):
        return x * (x > 0)

    def _ramp(self, x):
        return x > 0

    def backward(self, x, y, label):
        self.y_ = self._mse(y, label)
        self.y_before_ = self._ramp(y) * self.y_
        self.b2_ = self.y_before_.sum()
        self.w2_ = self.y_before_.T.dot(self.temp[1])
        self.hidden_ = self.y_before_.dot(self.w2.T)
        self.hidden_before_ = self._ramp(self.temp[1]) * self.hidden_
        self.b1_ = self.hidden_before_.sum()
        self.w1_ = self.hidden_before_.T.dot(self.temp[0]).T
        self.x_ = self.hidden_before_.dot(self.w1.T)
