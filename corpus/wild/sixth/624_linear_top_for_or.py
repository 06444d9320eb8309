import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


np.random.seed(42)

rounds = 2000
n_in, n_hidden, n_out = 2, 3, 1
rate = 0.1

x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [1]])

w_hidden = np.random.uniform(size=(n_in, n_hidden))
w_output = np.random.uniform(size=(n_hidden, n_out))

for r in range(rounds):
    hidden_sums = np.dot(x, w_hidden)
    hidden = sigmoid(hidden_sums)
    output = np.dot(hidden, w_output)

    error = y - output

    # back
    dZ = error * rate
    w_output += hidden.T.dot(dZ)

    dH = dZ.dot(w_output.T) * (sigmoid(hidden) * (1 - sigmoid(hidden)))
    w_hidden += x.T.dot(dH)

    if r % 500 == 0:
        print(hidden.T)
        print(dZ)
        print(f'errors together {sum(error)}')

# test
x_test = x[1]
print(sigmoid(np.dot(x_test, w_hidden)).dot(w_output))
