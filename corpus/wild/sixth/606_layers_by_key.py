import numpy as np


def squash(v):
    return 1.0 / (1.0 + np.exp(-v))


def squash_slope(v):
    s = squash(v)
    return s * (1 - s)


class KeyedNet:
    def __init__(self, size_in=1, sizes=(4, 5), size_out=1):
        self.size_in, self.sizes, self.size_out = size_in, sizes, size_out
        self.w = {1: np.random.normal(size=(sizes[0], size_in)) / np.sqrt(size_in)}
        self.b = {1: np.random.normal(size=(sizes[0], 1)) / np.sqrt(size_in)}
        for i in range(len(sizes) - 1):
            self.w[i + 2] = np.random.normal(size=(sizes[i + 1], sizes[i])) / np.sqrt(sizes[i + 1])
            self.b[i + 2] = np.random.normal(size=(sizes[i + 1], 1)) / np.sqrt(sizes[i + 1])
        self.w[len(sizes) + 1] = np.random.normal(size=(size_out, sizes[-1])) / np.sqrt(size_out)
        self.b[len(sizes) + 1] = np.random.normal(size=(size_out, 1)) / np.sqrt(size_out)

    def fit(self, x, y, epochs=10, lr=0.01):
        last = len(self.sizes) + 1
        for epoch in range(epochs):
            loss = 0.0
            sum_w = {key: np.zeros(value.shape) for key, value in self.w.items()}
            sum_b = {key: np.zeros(value.shape) for key, value in self.b.items()}

            for i in range(x.shape[0]):
                pre, post = {}, {}
                post[0] = np.reshape(x[i], (x[i].shape[0], 1))
                for k in range(1, last + 1):
                    pre[k] = np.matmul(self.w[k], post[k - 1]) + self.b[k]
                    post[k] = squash(pre[k])
                guess = post[last]
                loss += np.sum((guess - y[i]) ** 2) / 2

                # back again
                g = guess - y[i]
                for k in range(last, 0, -1):
                    g = np.multiply(g, squash_slope(pre[k]))
                    sum_w[k] += np.matmul(g, post[k - 1].T)
                    sum_b[k] += g
                    g = np.matmul(self.w[k].T, g)

            loss = loss / x.shape[0]
            for k in sum_w.keys():
                sum_w[k] /= x.shape[0]
                sum_b[k] /= x.shape[0]
            for k in self.w.keys():
                self.w[k] -= sum_w[k] * lr
                self.b[k] -= sum_b[k] * lr
            print('epoch: %d, loss: %f' % (epoch, loss))
