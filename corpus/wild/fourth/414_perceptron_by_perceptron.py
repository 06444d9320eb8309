import numpy as np


def sigmoid(x):
    return 0.0 if x <= -100 else np.divide(1, (1 + np.exp(-x)))


def d_sigmoid(x):
    return sigmoid(x) * (1 - sigmoid(x))


def perceptron(x, w):
    return np.sum(x * w), sigmoid(np.sum(x * w))


def ffnn(x, M, K, W1, W2):
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


def backprop(x, target_y, M, K, W1, W2):
    y, z0, z1, a1, a2 = ffnn(x, M, K, W1, W2)

    dk = y - target_y
    dj = []
    for i in range(len(a1)):
        dj.append(d_sigmoid(a1[i]) * np.sum(W2[i + 1] * dk))

    dE1, dE2 = np.zeros(W1.shape), np.zeros(W2.shape)
    for j in range(len(dj)):
        for i in range(len(z0)):
            dE1[i][j] = dj[j] * z0[i]
    for k in range(len(dk)):
        for j in range(len(z1)):
            dE2[j][k] = dk[k] * z1[j]
    return y, dE1, dE2


def train_nn(X_train, t_train, M, K, W1, W2, iterations, eta):
    N = len(X_train)
    guesses = [0] * N
    misclassification_rate, Etotal = [], []
    for i in range(iterations):
        dE1_total, dE2_total = np.zeros(W1.shape), np.zeros(W2.shape)
        err, misclass = 0, 0
        for j in range(N):
            target_y = np.zeros(K)
            target_y[t_train[j]] = 1.0
            y, dE1, dE2 = backprop(X_train[j], target_y, M, K, W1, W2)
            dE1_total += dE1
            dE2_total += dE2
            guesses[j] = np.argmax(y)
            err += target_y * np.log(np.array(y)) + (1 - target_y) * np.log(1 - np.array(y))
            if guesses[j] != t_train[j]:
                misclass += 1
        W1 -= eta * dE1_total / N
        W2 -= eta * dE2_total / N
        Etotal.append(np.sum(-err) / N)
        misclassification_rate.append(misclass / N)
    return W1, W2, Etotal, misclassification_rate, guesses
