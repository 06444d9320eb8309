import numpy as np

N_HID = 4
N_IN = 3
N_OUT = 3


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_d(x):
    return sigmoid(x) * (1 - sigmoid(x))


def tanh(x):
    return np.tanh(x)


def tanh_d(x):
    return 1 - (tanh(x) ** 2)


def add_one(arr):
    return np.insert(arr, len(arr), 1)


def squares(guess, actual):
    diff = np.subtract(guess, actual)
    return 0.5 * np.sum(np.square(diff))


def squares_d(guess, actual):
    return -1 * np.subtract(actual, guess)


def run(v1, v2, picture):
    picture = add_one(picture)
    s2 = np.ravel(np.dot(picture, v1))
    h2 = add_one(tanh(np.array(s2).ravel()))
    s3 = np.ravel(np.dot(h2, v2))
    out = sigmoid(np.array(s3).ravel())
    return (v1, v2, picture, s2, h2, s3, out)


def back_squares(label, kept):
    (v1, v2, picture, s2, h2, s3, out) = kept
    actual = np.zeros(N_OUT)
    actual[label] = 1
    loss = squares(out, actual)
    e = squares_d(out, actual)
    d3 = np.dot(e, np.diag(sigmoid_d(s3)))
    dJdv2 = np.dot(np.transpose(np.matrix(h2)), np.matrix(d3))
    xd = np.dot(np.transpose(np.matrix(picture)), np.matrix(d3))
    xdv = np.dot(xd, v2.T)
    xdv = np.delete(xdv, xdv.shape[1] - 1, axis=1)
    dJdv1 = np.dot(xdv, np.diag(tanh_d(s2)))
    return dJdv1, dJdv2, loss


def train(pictures, labels, eps, epochs):
    v1 = np.concatenate((np.random.normal(0.0, 0.02, (N_IN, N_HID)), np.ones((1, N_HID))), axis=0)
    v2 = np.concatenate((np.random.normal(0.0, 0.02, (N_HID, N_OUT)), np.ones((1, N_OUT))), axis=0)
    for epoch in range(1, epochs + 1):
        for i in np.random.permutation(len(pictures)):
            dJdv1, dJdv2, loss = back_squares(labels[i], run(v1, v2, pictures[i]))
            v1 = v1 - (eps / epoch) * dJdv1
            v2 = v2 - (eps / epoch) * dJdv2
        print("epoch", epoch, "loss", loss)
    return v1, v2
