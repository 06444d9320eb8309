import numpy as np
from scipy import sparse


class LogisticRegression:
    def __init__(self):
        self.w = None
        self.loss_history = None

    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200):
        X = LogisticRegression.append_biases(X)
        num_train, dim = X.shape
        if self.w is None:
            self.w = np.random.randn(dim) * 0.01

        self.loss_history = []
        for it in range(num_iters):
            picked = np.random.choice(num_train, size=batch_size)
            loss, gradW = self.loss(X[picked, :], y[picked], reg)
            self.loss_history.append(loss)
            self.w = self.w - learning_rate * gradW
        return self

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def predict_proba(self, X, append_bias=False):
        if append_bias:
            X = LogisticRegression.append_biases(X)
        preds = self.sigmoid(X.dot(self.w.T))
        return np.vstack([preds, 1 - preds]).T

    def loss(self, X_batch, y_batch, reg):
        h = self.sigmoid(X_batch.dot(self.w.T))
        m = X_batch.shape[0]
        loss = (-1 / m) * (np.dot(y_batch, np.log(h)) + np.dot((1 - y_batch), np.log(1 - h)))
        loss += (reg / 2 / m) * np.sum(self.w[:-1] ** 2)

        grads = (1 / m) * ((h - y_batch) * X_batch)
        grads[:-1] += (reg / m) * self.w[:-1]
        return loss, grads

    @staticmethod
    def append_biases(X):
        return sparse.hstack((sparse.csr_matrix(X), np.ones(X.shape[0])[:, np.newaxis])).tocsr()
