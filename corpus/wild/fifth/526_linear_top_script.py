import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])

EPOCHS = 50000


def logistic(x):
    return 1 / (1 + np.exp(-x))


def logistic_prime(x):
    return logistic(x) * (1 - logistic(x))


rate = .1
n_in, n_hid, n_out = 2, 3, 1

w_hid = np.random.uniform(size=(n_in, n_hid))
w_out = np.random.uniform(size=(n_hid, n_out))

for epoch in range(EPOCHS):
    h = np.dot(X, w_hid)
    a_hid = logistic(h)
    out = np.dot(a_hid, w_out)

    error = y - out
    if epoch % 5000 == 0:
        print(f'loss {sum(error)}')

    # backward
    err_z = error * rate
    w_out += np.matmul(a_hid.T, err_z)
    err_h = np.matmul(err_z, w_out.T) * logistic_prime(h)
    w_hid += np.matmul(X.T, err_h)
