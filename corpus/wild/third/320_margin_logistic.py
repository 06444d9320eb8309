import numpy as np


class LogisticRegression:
    def __init__(self, n_iterations=1000, eta=0.05):
        self.n_iterations = n_iterations
        self.eta = eta

    def _log_grad(self, X, target):
        m = X.shape[0]
        y = 2 * target - 1
        score = np.dot(X, self.w.T).flatten() + self.w0
        Z = -y / (m * (1 + np.exp(y * score)))
        grad = Z[np.newaxis, :].dot(X)
        return grad / m, np.sum(Z) / m

    def _optimize(self, X, target):
        for i in range(self.n_iterations):
            grad_w, grad_w0 = self._log_grad(X, target)
            self.w = self.w - self.eta * grad_w
            self.w0 = self.w0 - self.eta * grad_w0

    def fit(self, X, target):
        self.w = np.zeros((1, X.shape[1]))
        self.w0 = 0
        self._optimize(X, target)

    def predict_proba(self, X):
        """Расчёт вероятности."""
        return 1 / (1 + np.exp(-(X.dot(self.w.T).flatten() + self.w0)))

    def predict(self, X, threshold=0.5):
        return self.predict_proba(X) > threshold
