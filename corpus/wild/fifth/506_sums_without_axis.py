import numpy as np

rng = np.random.RandomState(3)
data = np.column_stack([rng.randint(0, 3, 20), rng.randint(0, 256, (20, 4))])
m, n = data.shape

train_part = data.T
y_train = train_part[0]
x_train = train_part[1:n] / 255.


def first_params():
    W1 = np.random.rand(5, 4) - 0.5
    b1 = np.random.rand(5, 1) - 0.5
    W2 = np.random.rand(3, 5) - 0.5
    b2 = np.random.rand(3, 1) - 0.5
    return W1, b1, W2, b2


def forward(W1, b1, W2, b2, X):
    Z1 = W1.dot(X) + b1  # weights times inputs
    A1 = rectify(Z1)
    Z2 = W2.dot(A1) + b2
    A2 = to_probs(Z2)
    return Z1, A1, Z2, A2


def rectify(Z):
    return np.maximum(Z, 0)


def rectify_deriv(Z):
    return Z > 0


def to_probs(Z):
    return np.exp(Z) / sum(np.exp(Z))


def hot_columns(Y):
    hot = np.zeros((Y.size, Y.max() + 1))
    hot[np.arange(Y.size), Y] = 1
    return hot.T


def backward(Z1, A1, Z2, A2, W1, W2, X, Y):
    hot = hot_columns(Y)
    dZ2 = A2 - hot
    dW2 = 1 / m * dZ2.dot(A1.T)
    db2 = 1 / m * np.sum(dZ2)
    dZ1 = W2.T.dot(dZ2) * rectify_deriv(Z1)
    dW1 = 1 / m * dZ1.dot(X.T)
    db1 = 1 / m * np.sum(dZ1)
    return dW1, db1, dW2, db2


def change_params(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha):
    W1 = W1 - alpha * dW1
    b1 = b1 - alpha * db1
    W2 = W2 - alpha * dW2
    b2 = b2 - alpha * db2
    return W1, b1, W2, b2


def learn(X, Y, alpha, iterations):
    W1, b1, W2, b2 = first_params()
    for i in range(iterations):
        Z1, A1, Z2, A2 = forward(W1, b1, W2, b2, X)
        dW1, db1, dW2, db2 = backward(Z1, A1, Z2, A2, W1, W2, X, Y)
        W1, b1, W2, b2 = change_params(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha)
        if i % 10 == 0:
            print("Round", i, np.mean(np.argmax(A2, 0) == Y))
    return W1, b1, W2, b2
