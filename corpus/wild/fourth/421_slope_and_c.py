import numpy as np


class LinearRegression:
    def __init__(self, lr=0.01, iter=2000):
        self.lr = lr
        self.iter = iter

    def gradient_descent(self, y, x):
        for i in range(self.iter):
            yhat = np.dot(self.w.T, x) + self.c
            dlw = (2 / self.m) * np.dot(x, (yhat - y).T)
            dlc = (2 / self.m) * np.sum(yhat - y)
            self.w = self.w - self.lr * dlw
            self.c = self.c - self.lr * dlc

    def run(self, y, x):
        self.m = x.shape[1]
        self.n = x.shape[0]
        self.w = np.zeros((self.n, 1))
        self.c = 0
        self.gradient_descent(y, x)
        return self.w, self.c


def main():
    rng = np.random.RandomState(0)
    x = rng.rand(1, 500)
    y = 5 * x + 3 + (rng.randn(1, 500) * 0.1)
    print(LinearRegression().run(y, x))


if __name__ == "__main__":
    main()
