import numpy as np


# ---- 激活函数 ----
def sigmoid(v):
    v = np.clip(v, -500, 500)
    return 1.0 / (1.0 + np.exp(-v))


def sigmoid_slope(a):
    return a * (1.0 - a)


def softmax(v):
    e = np.exp(v - np.max(v, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


# ---- 损失函数 ----
def cross_entropy(guess, truth):
    m = truth.shape[0]
    guess = np.clip(guess, 1e-12, 1.0 - 1e-12)
    return -np.sum(truth * np.log(guess)) / m


class MomentumNet:
    def __init__(self, n_in, n_hidden, n_out, lr=0.05, seed=42, momentum=0.9):
        np.random.seed(seed)
        self.lr = lr
        self.momentum = momentum
        bound = np.sqrt(6.0 / (n_in + n_hidden))
        self.W1 = np.random.uniform(-bound, bound, (n_in, n_hidden))
        self.b1 = np.zeros((1, n_hidden))
        bound = np.sqrt(6.0 / (n_hidden + n_out))
        self.W2 = np.random.uniform(-bound, bound, (n_hidden, n_out))
        self.b2 = np.zeros((1, n_out))
        # 动量缓存
        self.vW1, self.vb1 = np.zeros_like(self.W1), np.zeros_like(self.b1)
        self.vW2, self.vb2 = np.zeros_like(self.W2), np.zeros_like(self.b2)

    def forward(self, X):
        self.Z1 = X @ self.W1 + self.b1
        self.A1 = sigmoid(self.Z1)
        self.Z2 = self.A1 @ self.W2 + self.b2
        self.A2 = softmax(self.Z2)
        return self.A2

    def backward(self, X, y):
        m = X.shape[0]
        dZ2 = self.A2 - y
        self.dW2 = self.A1.T @ dZ2 / m
        self.db2 = np.sum(dZ2, axis=0, keepdims=True) / m
        dZ1 = dZ2 @ self.W2.T * sigmoid_slope(self.A1)
        self.dW1 = X.T @ dZ1 / m
        self.db1 = np.sum(dZ1, axis=0, keepdims=True) / m

    def update_params(self):
        self.vW1 = self.momentum * self.vW1 - self.lr * self.dW1
        self.vb1 = self.momentum * self.vb1 - self.lr * self.db1
        self.vW2 = self.momentum * self.vW2 - self.lr * self.dW2
        self.vb2 = self.momentum * self.vb2 - self.lr * self.db2
        self.W1 += self.vW1
        self.b1 += self.vb1
        self.W2 += self.vW2
        self.b2 += self.vb2

    def train(self, X, y, X_val, y_val, epochs, batch=32, decay=0.98):
        best, kept = float('inf'), None
        for epoch in range(epochs):
            order = np.random.permutation(len(X))
            for start in range(0, len(X), batch):
                part = order[start:start + batch]
                self.forward(X[part])
                self.backward(X[part], y[part])
                self.update_params()
            self.lr *= decay
            val = cross_entropy(self.forward(X_val), y_val)
            if val < best:
                best, kept = val, (self.W1.copy(), self.b1.copy(), self.W2.copy(), self.b2.copy())
        self.W1, self.b1, self.W2, self.b2 = kept
        return best
