import numpy as np


def start():
    rng = np.random.RandomState(0)
    W1 = 0.1 * rng.randn(5, 4)
    b1 = 0.1 * rng.randn(5, 1)
    W2 = 0.1 * rng.randn(3, 5)
    b2 = 0.1 * rng.randn(3, 1)
    return W1, b1, W2, b2


def ReLU(Z):
    return np.maximum(0, Z)


def softmax(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=0, keepdims=True)


def forward(X, W1, b1, W2, b2):
    Z1 = W1.dot(X) + b1
    A1 = ReLU(Z1)
    Z2 = W2.dot(A1) + b2
    A2 = softmax(Z2)
    return Z1, A1, Z2, A2


def backward(X, Y, W2, Z1, A1, Z2, A2, m):
    dZ2 = A2 - Y
    dW2 = dZ2.dot(A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m

    dA1 = W2.T.dot(dZ2)
    dZ1 = dA1 * (Z1 > 0)
    dW1 = dZ1.dot(X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return dW2, db2, dW1, db1


def step(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha):
    W1 = W1 - (alpha * dW1)
    b1 = b1 - (alpha * db1)
    W2 = W2 - (alpha * dW2)
    b2 = b2 - (alpha * db2)
    return W1, b1, W2, b2


def train(X, Y, epochs, alpha):
    W1, b1, W2, b2 = start()
    m = X.shape[1]
    for i in range(epochs):
        Z1, A1, Z2, A2 = forward(X, W1, b1, W2, b2)
        dW2, db2, dW1, db1 = backward(X, Y, W2, Z1, A1, Z2, A2, m)
        W1, b1, W2, b2 = step(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha)
        if i % 50 == 0:
            print("Epoch", i, "loss", -np.mean(np.sum(Y * np.log(A2 + 1e-8), axis=0)))
    return W1, b1, W2, b2


def predict(X, W1, b1, W2, b2):
    return np.argmax(forward(X, W1, b1, W2, b2)[3], axis=0)
