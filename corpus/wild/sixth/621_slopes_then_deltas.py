import numpy as np

data_in = np.array([[1, 0, 1, 0], [0, 0, 1, 1], [1, 1, 1, 1]])
data_out = np.array([[0], [1], [0]])

rate = 0.1
rounds = 300
n_in = data_in.shape[1]
n_out = 1
n_hidden = 20

w_hidden = np.random.uniform(size=(n_in, n_hidden))
b_hidden = np.random.uniform(size=(1, n_hidden))
w_out = np.random.uniform(size=(n_hidden, n_out))
b_out = np.random.uniform(size=(1, n_out))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def slope_of_sigmoid(x):
    return x * (1 - x)


for i in range(rounds):
    # there
    into_hidden = data_in.dot(w_hidden) + b_hidden
    hidden = sigmoid(into_hidden)
    into_out = hidden.dot(w_out) + b_out
    out = sigmoid(into_out)

    # and back
    error = data_out - out
    slope_out = slope_of_sigmoid(out)
    slope_hidden = slope_of_sigmoid(hidden)
    delta_out = error * slope_out
    error_hidden = delta_out.dot(w_out.T)
    delta_hidden = error_hidden * slope_hidden

    w_out += hidden.T.dot(delta_out) * rate
    b_out += np.sum(delta_out, axis=0) * rate
    w_hidden += data_in.T.dot(delta_hidden) * rate
    b_hidden += np.sum(delta_hidden, axis=0) * rate

print("in\n", data_in)
print("out\n", data_out)
print("found\n", out)
