import numpy as np


def sigmoid(x):
    return 0.0 if x <= -100 else np.divide(1, (1 + np.exp(-x)))


def d_sigmoid(x):
    return sigmoid(x) * (1 - sigmoid(x))


def perceptron(x, w):
    return np.sum(x * w), sigmoid(np.sum(x * w))


def feed_through(x, M, K, W1, W2):
    z0 = np.append(1.0, x)
    a1, z1, a2, y = [], [1.0], [], []
    for i in range(M):
        a, z = perceptron(z0, W1[:, i])
        a1.append(a)
        z1.append(z)
    for i in range(K):
        a, z = perceptron(z1, W2[:, i])
        a2.append(a)
        y.append(z)
    return y, z0, z1, a1, a2


def back_through(x, wanted, M, K, W1, W2):
    y, z0, z1, a1, a2 = feed_through(x, M, K, W1, W2)

    delta_k = y - wanted
    delta_j = []
    for i in range(len(a1)):
        delta_j.append(d_sigmoid(a1[i]) * np.sum(W2[i + 1] * delta_k))

    grad1, grad2 = np.zeros(W1.shape), np.zeros(W2.shape)
    for j in range(len(delta_j)):
        for i in range(len(z0)):
            grad1[i][j] = delta_j[j] * z0[i]
    for k in range(len(delta_k)):
        for j in range(len(z1)):
            grad2[j][k] = delta_k[k] * z1[j]
    return y, grad1, grad2


def train_nn(X_train, t_train, M, K, W1, W2, iterations, eta):
    N = len(X_train)
    guesses = [0] * N
    missed, errors = [], []
    for i in range(iterations):
        sum1, sum2 = np.zeros(W1.shape), np.zeros(W2.shape)
        err, wrong = 0, 0
        for j in range(N):
            wanted = np.zeros(K)
            wanted[t_train[j]] = 1.0
            y, grad1, grad2 = back_through(X_train[j], wanted, M, K, W1, W2)
            sum1 += grad1
            sum2 += grad2
            guesses[j] = np.argmax(y)
            err += wanted * np.log(np.array(y)) + (1 - wanted) * np.log(1 - np.array(y))
            if guesses[j] != t_train[j]:
                wrong += 1
        W1 -= eta * sum1 / N
        W2 -= eta * sum2 / N
        errors.append(np.sum(-err) / N)
        missed.append(wrong / N)
    return W1, W2, errors, missed, guesses
