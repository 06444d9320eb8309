import math

import numpy as np

alpha = 0.1
np.random.seed(5)
X = np.column_stack((np.random.rand(20, 3), np.ones(20)))  # the last feature is the constant
train_labels = (X[:, 0] > X[:, 1]).astype(int)
W1 = np.random.rand(2, 4)
W2 = np.random.rand(3)
hidden_out = np.ones(3)  # the third one stays 1


def squash(w, x):
    return 1.0 / (1.0 + math.exp(-1.0 * np.dot(w, x)))


def decided(w, x):
    if squash(w, x) >= 0.5:
        return 1
    return 0


def correct_weights(y, out, j):
    global W1
    global W2
    error_out = -y / (out + 0.0001) - (1 - y) / (1 - out + 0.0001)

    for i in range(0, 3):
        W2[i] = W2[i] - alpha * error_out * out * (1 - out) * hidden_out[i]

    for m in range(0, 2):
        for n in range(0, len(X[j])):
            W1[m][n] = W1[m][n] - alpha * error_out * hidden_out[m] * (1 - hidden_out[m]) * X[j][n]


def one_pass():
    for i in range(0, len(X)):
        hidden_out[0] = squash(W1[0], X[i])
        hidden_out[1] = squash(W1[1], X[i])
        guess = decided(W2, hidden_out)
        out = squash(W2, hidden_out)
        if guess != train_labels[i]:
            correct_weights(train_labels[i], out, i)


if __name__ == '__main__':
    for i in range(0, 15):
        one_pass()
    print(W1, W2)
