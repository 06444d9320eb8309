import numpy as np
from scipy import sparse


class LogisticRegression:
    def __init__(self):
        self.w = None
        self.losses = None

    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200):
        X = LogisticRegression.with_ones(X)
        num_train, dim = X.shape
        if self.w is None:
            self.w = np.random.randn(dim) * 0.01

        self.losses = []
        for it in range(num_iters):
            picked = np.random.choice(num_train, size=batch_size)
            loss, grad_w = self.loss(X[picked, :], y[picked], reg)
            self.losses.append(loss)
            self.w = self.w - learning_rate * grad_w
        return self

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def predict_proba(self, X, append_bias=False):
        if append_bias:
            X = LogisticRegression.with_ones(X)
        preds = self.sigmoid(X.dot(self.w.T))
        return np.vstack([preds, 1 - preds]).T

    def loss(self, X_part, y_part, reg):
        h = self.sigmoid(X_part.dot(self.w.T))
        m = X_part.shape[0]
        loss = (-1 / m) * (np.dot(y_part, np.log(h)) + np.dot((1 - y_part), np.log(1 - h)))
        loss += (reg / 2 / m) * np.sum(self.w[:-1] ** 2)

        slope = (1 / m) * ((h - y_part) * X_part)
        slope[:-1] += (reg / m) * self.w[:-1]
        return loss, slope

    @staticmethod
    def with_ones(X):
        return sparse.hstack((sparse.csr_matrix(X), np.ones(X.shape[0])[:, np.newaxis])).tocsr()
