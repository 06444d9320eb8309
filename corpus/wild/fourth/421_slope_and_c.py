import numpy as np


class LinearRegression:
    def __init__(self, lr=0.01, rounds=2000):
        self.lr = lr
        self.rounds = rounds

    def descend(self, y, x):
        for i in range(self.rounds):
            fitted = np.dot(self.w.T, x) + self.c
            grad_w = (2 / self.m) * np.dot(x, (fitted - y).T)
            grad_c = (2 / self.m) * np.sum(fitted - y)
            self.w = self.w - self.lr * grad_w
            self.c = self.c - self.lr * grad_c

    def run(self, y, x):
        self.m = x.shape[1]
        self.n = x.shape[0]
        self.w = np.zeros((self.n, 1))
        self.c = 0
        self.descend(y, x)
        return self.w, self.c


def main():
    rng = np.random.RandomState(0)
    x = rng.rand(1, 500)
    y = 5 * x + 3 + (rng.randn(1, 500) * 0.1)
    print(LinearRegression().run(y, x))


if __name__ == "__main__":
    main()
