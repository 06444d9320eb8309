import numpy as np

np.random.seed(1000)
points = np.random.uniform(size=(50, 1))
sines = np.sin(points)


def squash(x):
    return (1 / (1 + np.exp(-x)))


def squash_derivative(x):
    return x * (1 - x)


epochs = 20000
n_hidden = 3
n_in = 1
n_out = 1
rate = 0.1
w_in = np.random.uniform(size=(n_in, n_hidden))
b_in = np.random.uniform(size=(1, n_hidden))
w_out = np.random.uniform(size=(n_hidden, n_out))
b_out = np.random.uniform(size=(1, n_out))

for i in range(epochs):
    # forward
    hidden_sum = np.dot(points, w_in) + b_in
    act_1 = squash(hidden_sum)
    act_2_in = np.dot(act_1, w_out) + b_out
    guess = squash(act_2_in)

    # backward
    off = (guess - sines)
    slope_out = squash_derivative(guess)
    slope_hidden = squash_derivative(act_1)
    err_out = off * slope_out
    err_hidden = err_out.dot(w_out.T)
    delta_hidden = err_hidden * slope_hidden
    w_out += act_1.T.dot(err_out) * rate
    w_in += points.T.dot(delta_hidden) * rate
    b_out += np.sum(err_out, axis=0, keepdims=True) * rate
    b_in += np.sum(delta_hidden, axis=0, keepdims=True) * rate

print('actual', sines[:5], 'guess', guess[:5])
