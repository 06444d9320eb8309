import numpy as np

pairs = np.array([[0, 1], [0, 1], [1, 0], [1, 0]])
answers = np.array([[0, 0, 1, 1]]).T

np.random.seed(1)
w_a = 2 * np.random.rand(2, 2) - 1
w_b = 2 * np.random.rand(1, 2) - 1

rate = 0.1


def sig(x, slope=False):
    if slope == True:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))


def step(x, y, w_a, w_b):
    into = np.array(x, ndmin=2).T
    answer = np.array(y, ndmin=2).T

    # forward
    hid = sig(np.dot(w_a, into))
    out = sig(np.dot(w_b, hid))

    # error and deltas
    error = answer - out
    delta = error * sig(out, True)

    hid_error = np.dot(w_b.T, error)
    delta_hid = error * sig(hid, True)

    # update
    w_b += np.dot(delta, hid.T) * rate
    w_a += np.dot(delta_hid, into.T) * rate
    return error


if __name__ == "__main__":
    for i in range(6000):
        for j in range(pairs.shape[0]):
            error = step(pairs[j], answers[j], w_a, w_b)
        if i % 1000 == 0:
            print(error)
