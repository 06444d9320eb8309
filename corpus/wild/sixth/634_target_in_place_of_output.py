import numpy as np

rng = np.random.RandomState(4)
X = rng.randn(30, 4)
target = np.argmax(X[:, :3], axis=1)


def tanh(x):
    return np.tanh(x)


def softmax(x):
    e = np.exp(x)
    return e / e.sum(axis=1, keepdims=True)


def indicators(labels):
    T = np.zeros((len(labels), labels.max() + 1))
    T[np.arange(len(labels)), labels] = 1
    return T


def weights(m, n):
    return rng.randn(m, n) / np.sqrt(m), np.zeros(n)


def share_wrong(labels, Y):
    return np.mean(labels != Y.argmax(axis=1))


def by_W2(T, Y, Z):
    return Z.T.dot(T - Y)


def by_b2(T, Y):
    return (T - Y).sum(axis=0)


def by_W1(T, Y, Z, Xd, W2):
    return Xd.T.dot((T - Y).dot(W2.T) * Z * (1 - Z))


def by_b1(T, Y, Z, W2):
    return ((T - Y).dot(W2.T) * Z * (1 - Z)).sum(axis=0)


def forward(X, W1, W2, b1, b2):
    Z = tanh(X.dot(W1) + b1)
    Y = softmax(Z.dot(W2) + b2)
    return (Z, Y)


T = indicators(target)
D = X.shape[1]
K = T.shape[1]
M = 5
W1, b1 = weights(D, M)
W2, b2 = weights(M, K)
rate = 1.3 * 10e-6
n_epochs = 300
for epoch in range(n_epochs):
    Z, Y = forward(X, W1, W2, b1, b2)
    W2 += rate * by_W2(T, Y, Z)
    b2 += rate * by_b2(T, Y)
    W1 += rate * by_W1(T, T, Z, X, W2)
    b1 += rate * by_b1(T, Y, Z, W2)
    if epoch % 100 == 0:
        print(1 - share_wrong(target, Y))
