import numpy as np

samples = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
wanted = np.array([[0], [1], [1], [0]])

np.random.seed(42)
U1 = np.random.randn(2, 4)
c1 = np.zeros((1, 4))
U2 = np.random.randn(4, 4)
c2 = np.zeros((1, 4))
U3 = np.random.randn(4, 1)
c3 = np.zeros((1, 1))


def rectify(v):
    return np.maximum(0, v)


def rectify_slope(v):
    return (v > 0).astype(float)


def squash(v):
    return 1 / (1 + np.exp(-v))


lr = 0.01
epochs = 2000

for epoch in range(epochs):
    Z1 = samples @ U1 + c1
    A1 = rectify(Z1)
    Z2 = A1 @ U2 + c2
    A2 = rectify(Z2)
    Z3 = A2 @ U3 + c3
    A3 = squash(Z3)
    loss = np.mean((wanted - A3) ** 2)

    dA3 = (A3 - wanted)
    dZ3 = dA3 * A3 * (1 - A3)
    dU3 = A2.T @ dZ3
    dc3 = np.sum(dZ3, axis=0, keepdims=True)

    dZ2 = (dZ3 @ U3.T) * rectify_slope(Z2)
    dU2 = A1.T @ dZ2
    dc2 = np.sum(dZ2, axis=0, keepdims=True)

    dZ1 = (dZ2 @ U2.T) * rectify_slope(Z1)
    dU1 = samples.T @ dZ1
    dc1 = np.sum(dZ1, axis=0, keepdims=True)

    U3 -= lr * dU3
    c3 -= lr * dc3
    U2 -= lr * dU2
    c2 -= lr * dc2
    U1 -= lr * dU1
    c1 -= lr * dc1

    if epoch % 500 == 0:
        print(f"Epoch {epoch}, loss = {loss:.4f}")

print((squash(rectify(rectify(samples @ U1 + c1) @ U2 + c2) @ U3 + c3) > 0.5).astype(int))
