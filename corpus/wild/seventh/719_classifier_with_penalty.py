import numpy as np


class PenalisedNet:

    def __init__(self, n_in, n_hidden, n_out, std=1e-4):
        self.params = {}
        self.params['W1'] = std * np.random.randn(n_in, n_hidden)
        self.params['b1'] = np.zeros(n_hidden)
        self.params['W2'] = std * np.random.randn(n_hidden, n_out)
        self.params['b2'] = np.zeros(n_out)

    def loss(self, X, y, reg=0.0):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        n = X.shape[0]

        fc = X @ W1 + b1
        hid = np.maximum(0, fc)
        scores = hid @ W2 + b2

        scores -= np.max(scores, axis=1, keepdims=True)
        e = np.exp(scores)
        probs = e / np.sum(e, axis=1, keepdims=True)
        loss = np.sum(-np.log(probs[np.arange(n), y]))
        loss /= n
        loss += reg * (np.sum(W2 * W2) + np.sum(W1 * W1))

        # and back
        probs[np.arange(n), y] -= 1
        probs /= n
        dW2 = hid.T @ probs
        db2 = probs.sum(axis=0)
        dW1 = probs @ W2.T
        dfc = dW1 * (fc > 0)
        dW1 = X.T @ dfc
        db1 = dfc.sum(axis=0)
        dW1 += reg * 2 * W1
        dW2 += reg * 2 * W2
        grads = {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2}
        return loss, grads

    def predict(self, X):
        hid = np.maximum(0, X @ self.params['W1'] + self.params['b1'])
        return np.argmax(hid @ self.params['W2'] + self.params['b2'], axis=1)

    def train(self, X, y, rate=1e-3, decay=0.95, reg=5e-6, n_iters=100, batch=200):
        history = []
        per_epoch = max(X.shape[0] / batch, 1)
        for it in range(n_iters):
            picked = np.random.choice(X.shape[0], batch)
            loss, grads = self.loss(X[picked], y=y[picked], reg=reg)
            history.append(loss)
            for key in self.params:
                self.params[key] -= rate * grads[key]
            if it % per_epoch == 0:
                rate *= decay
        return {'history': history}
