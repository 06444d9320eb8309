import numpy as np


def one_hot(y):
    row = np.zeros(3)
    row[y] = 1
    return row


def squash(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


def ce_loss(pred, y):
    return -np.dot(y, np.log(pred))


class FeedForward:
    def __init__(self, d, d1, k, lr=0.05):
        rng = np.random.RandomState(0)
        self.lr = lr
        self.w1 = rng.uniform(low=-1.0, high=1.0, size=(d1, d))
        self.w2 = rng.uniform(low=-1.0, high=1.0, size=(k, d1))

    def forward(self, x):
        self.h1 = np.dot(self.w1, x)
        self.a1 = squash(self.h1)
        self.h2 = np.dot(self.w2, self.a1)
        self.y_pred = softmax(self.h2)
        return self.y_pred

    def backward(self, x, y):
        self.h2_grads = self.y_pred - y
        self.w2_grads = np.outer(self.h2_grads, self.a1.T)
        self.h1_grads = np.matmul(self.w2.T, self.h2_grads) * self.a1 * (1 - self.a1)
        self.w1_grads = np.outer(self.h1_grads, x.T)

    def update_network(self):
        self.w1 -= self.lr * self.w1_grads
        self.w2 -= self.lr * self.w2_grads
