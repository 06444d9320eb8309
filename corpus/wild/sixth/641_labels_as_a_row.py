import numpy as np

np.random.seed(42)
N = 100
X = np.random.randn(N, 2)
y = (X[:, 0] * X[:, 1] > 0).astype(int)  # 1 where both signs are the same

n_in = 2
n_hid = 4
n_out = 1

V = np.random.randn(n_in, n_hid) * 0.01
v0 = np.zeros((1, n_hid))
U = np.random.randn(n_hid, n_out) * 0.01
u0 = np.zeros((1, n_out))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def relu(x):
    return np.maximum(0, x)


def relu_slope(x):
    return (x > 0).astype(float)


lr = 0.1
n_epochs = 500
for epoch in range(n_epochs):
    # there
    z1 = X.dot(V) + v0  # (N, 4)
    a1 = relu(z1)
    z2 = a1.dot(U) + u0  # (N, 1)
    p = sigmoid(z2)

    loss = -np.mean(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))

    # back
    dz2 = p - y.reshape(-1, 1)
    dU = a1.T.dot(dz2) / N
    du0 = np.mean(dz2, axis=0, keepdims=True)
    da1 = dz2.dot(U.T)
    dz1 = da1 * relu_slope(z1)
    dV = X.T.dot(dz1) / N
    dv0 = np.mean(dz1, axis=0, keepdims=True)

    V -= lr * dV
    v0 -= lr * dv0
    U -= lr * dU
    u0 -= lr * du0

    if epoch % 100 == 0:
        guess = (p > 0.5).astype(int).flatten()
        print(f"{epoch}: {loss:.4f}, {np.mean(guess == y):.2f}")
