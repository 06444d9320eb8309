import numpy as np


def forward(X, w1, w2, w3, b1, b2, b3, y):
    a1 = np.tanh(X @ w1 + b1)  # (B, 5)
    a2 = np.tanh(a1 @ w2 + b2)  # (B, 3)
    a3 = np.tanh(a2 @ w3 + b3)  # (B, 1)
    loss = np.mean((y[:, None] - a3) ** 2)
    return a3, (a1, a2, a3), loss


def loss_back(a3, y):
    return 2 * (a3 - y[:, None]) / y.size


def layer_back(da, w, a, before):
    dz = da * (1 - a**2)
    dw = before.T @ dz
    db = dz.sum(axis=0)
    return dw, db, dz @ w.T


def backward(X, a1, a2, a3, y, w1, w2, w3):
    da3 = loss_back(a3, y)
    dw3, db3, da2 = layer_back(da3, w3, a3, a2)
    dw2, db2, da1 = layer_back(da2, w2, a2, a1)
    dw1, db1, _ = layer_back(da1, w1, a1, X)
    return dw1, db1, dw2, db2, dw3, db3


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    X = np.array([[1.0, 2], [3, 4], [5, 6]])
    y = np.array([0.0, 1, 1])
    w1, w2, w3 = rng.normal(size=(2, 5)), rng.normal(size=(5, 3)), rng.normal(size=(3, 1))
    b1, b2, b3 = np.zeros(5), np.zeros(3), np.zeros(1)
    _, (a1, a2, a3), loss = forward(X, w1, w2, w3, b1, b2, b3, y)
    print(loss, [g.shape for g in backward(X, a1, a2, a3, y, w1, w2, w3)])
