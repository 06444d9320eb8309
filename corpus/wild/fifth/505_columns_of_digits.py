import numpy as np

rng = np.random.RandomState(2)
table = np.column_stack([rng.randint(0, 3, 12), rng.rand(12, 4)])
X_train = table[:, 1:].T
Y_train = table[:, 0].astype(int)
_, n_train = X_train.shape


def start_params():
    W1 = np.random.rand(5, 4) - 0.5
    b1 = np.random.rand(5, 1) - 0.5
    W2 = np.random.rand(3, 5) - 0.5
    b2 = np.random.rand(3, 1) - 0.5
    return W1, b1, W2, b2


def relu(Z):
    return np.maximum(Z, 0)


def soft_max(Z):
    return np.exp(Z) / sum(np.exp(Z))


def go_forward(W1, b1, W2, b2, X):
    Z1 = W1.dot(X) + b1
    A1 = relu(Z1)
    Z2 = W2.dot(A1) + b2
    A2 = soft_max(Z2)
    return Z1, A1, Z2, A2


def relu_slope(Z):
    return Z > 0


def encode(Y):
    codes = np.zeros((Y.size, Y.max() + 1))
    codes[np.arange(Y.size), Y] = 1
    return codes.T


def go_back(Z1, A1, Z2, A2, W1, W2, X, Y):
    codes = encode(Y)
    dZ2 = A2 - codes
    dW2 = 1 / n_train * dZ2.dot(A1.T)
    db2 = 1 / n_train * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = W2.T.dot(dZ2) * relu_slope(Z1)
    dW1 = 1 / n_train * dZ1.dot(X.T)
    db1 = 1 / n_train * np.sum(dZ1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2


def step(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha):
    W1 = W1 - alpha * dW1
    b1 = b1 - alpha * db1
    W2 = W2 - alpha * dW2
    b2 = b2 - alpha * db2
    return W1, b1, W2, b2


def descend(X, Y, alpha, iterations):
    W1, b1, W2, b2 = start_params()
    for i in range(iterations):
        Z1, A1, Z2, A2 = go_forward(W1, b1, W2, b2, X)
        dW1, db1, dW2, db2 = go_back(Z1, A1, Z2, A2, W1, W2, X, Y)
        W1, b1, W2, b2 = step(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha)
        if i % 10 == 0:
            print("Iteration:", i, np.sum(np.argmax(A2, 0) == Y) / Y.size)
    return W1, b1, W2, b2


if __name__ == "__main__":
    descend(X_train, Y_train, 0.10, 500)
