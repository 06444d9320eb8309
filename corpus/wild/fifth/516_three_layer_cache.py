import numpy as np


class FaceNet:
    def __init__(self, n_in, n_hid1, n_hid2, n_out, learning_rate=1e-1, seed=0):
        np.random.seed(seed)
        self.W1 = self._glorot(n_in, n_hid1)
        self.b1 = np.zeros(n_hid1)
        self.W2 = self._glorot(n_hid1, n_hid2)
        self.b2 = np.zeros(n_hid2)
        self.W3 = self._glorot(n_hid2, n_out)
        self.b3 = np.zeros(n_out)
        self.lr = learning_rate

    def _relu(self, x):
        return np.maximum(0, x)

    def _relu_back(self, x):
        return (x > 0).astype(float)

    def _probs(self, x):
        e = np.exp(x - np.max(x, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)

    def _hot(self, y, n):
        hot = np.zeros((len(y), n))
        hot[np.arange(len(y)), y] = 1
        return hot

    def _glorot(self, n_in, n_out):
        limit = np.sqrt(6.0 / (n_in + n_out))
        return np.random.uniform(-limit, limit, size=(n_in, n_out))

    def forward(self, X):
        z1 = X @ self.W1 + self.b1
        a1 = self._relu(z1)
        z2 = a1 @ self.W2 + self.b2
        a2 = self._relu(z2)
        scores = a2 @ self.W3 + self.b3
        p = self._probs(scores)
        return p, (X, z1, a1, z2, a2, scores, p)

    def backward(self, cache, y):
        X, z1, a1, z2, a2, scores, p = cache
        N = X.shape[0]
        ds = (p - self._hot(y, p.shape[1])) / N

        dW3 = a2.T @ ds
        db3 = np.sum(ds, axis=0)

        dz2 = ds @ self.W3.T * self._relu_back(z2)
        dW2 = a1.T @ dz2
        db2 = np.sum(dz2, axis=0)

        dz1 = dz2 @ self.W2.T * self._relu_back(z1)
        dW1 = X.T @ dz1
        db1 = np.sum(dz1, axis=0)
        return {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2, 'W3': dW3, 'b3': db3}

    def step(self, grads):
        self.W1 -= self.lr * grads['W1']
        self.b1 -= self.lr * grads['b1']
        self.W2 -= self.lr * grads['W2']
        self.b2 -= self.lr * grads['b2']
        self.W3 -= self.lr * grads['W3']
        self.b3 -= self.lr * grads['b3']

    def train(self, X, y, epochs=10, batch_size=64):
        for epoch in range(1, epochs + 1):
            order = np.random.permutation(X.shape[0])
            X, y = X[order], y[order]
            for i in range(0, X.shape[0], batch_size):
                p, cache = self.forward(X[i:i + batch_size])
                self.step(self.backward(cache, y[i:i + batch_size]))

    def predict(self, X):
        return np.argmax(self.forward(X)[0], axis=1)
