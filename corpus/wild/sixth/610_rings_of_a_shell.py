import numpy as np


class ShellNet:
    def __init__(self, rounds, rate, n_hidden, start, act):
        self.rounds = rounds
        self.a = rate
        self.m = n_hidden
        self.act = act
        self.start = start
        self.c = 0
        self.n = 0
        self.x = []
        self.y = []
        self.w1, self.b1, self.w2, self.b2 = [], [], [], []
        self.accuracies = []

    def draw(self):
        if self.start == 'random':
            self.w1 = np.random.rand(self.m, self.n) - 0.5
            self.b1 = np.random.rand(self.m, 1) - 0.5
            self.w2 = np.random.rand(self.c, self.m) - 0.5
            self.b2 = np.random.rand(self.c, 1) - 0.5
        else:
            self.w1 = np.full((self.m, self.n), self.start)
            self.b1 = np.full((self.m, 1), self.start)
            self.w2 = np.full((self.c, self.m), self.start)
            self.b2 = np.full((self.c, 1), self.start)

    def apply(self, Z):
        if self.act == 'ReLU':
            return np.maximum(Z, 0)
        if self.act == 'sigmoid':
            return 1.0 / (1 + np.exp(-1 * Z))
        return np.tanh(Z)

    def slope(self, Z):
        if self.act == 'ReLU':
            return Z > 0
        if self.act == 'sigmoid':
            return self.apply(Z) * (1 - self.apply(Z))
        return 1 - self.apply(Z) ** 2

    def indicators(self, labels):
        rows = []
        for i in labels:
            row = np.zeros(self.c)
            row[i] = 1
            rows.append(row)
        return np.array(rows).T

    def forward(self):
        self.z1 = self.w1.dot(self.x) + self.b1
        self.a1 = self.apply(self.z1)
        self.z2 = self.w2.dot(self.a1) + self.b2
        self.a2 = self.apply(self.z2)

    def backward(self):
        k = 1 / len(self.y)
        dz2 = self.a2 - self.indicators(self.y)
        dw2 = k * dz2.dot(self.a1.T)
        db2 = k * np.sum(dz2)
        dz1 = self.w2.T.dot(dz2) * self.slope(self.z1)
        dw1 = k * dz1.dot(self.x.T)
        db1 = k * np.sum(dz1)

        self.w1 = self.w1 - self.a * dw1
        self.b1 = self.b1 - self.a * db1
        self.w2 = self.w2 - self.a * dw2
        self.b2 = self.b2 - self.a * db2

    def descend(self):
        for i in range(self.rounds):
            self.forward()
            self.backward()
            self.accuracies.append(np.mean(self.y == self.pred(self.x)))

    def fit(self, x, y):
        self.x = x
        self.y = y
        self.n = len(x[:, 0])
        self.c = max(y) + 1
        self.draw()
        self.descend()

    def pred(self, x):
        a1 = self.apply(self.w1.dot(x) + self.b1)
        a2 = self.apply(self.w2.dot(a1) + self.b2)
        return np.argmax(a2, 0)
