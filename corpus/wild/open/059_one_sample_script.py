import numpy as np


def squash(x):
    return 1 / (1 + np.exp(-x))


x = np.array([0.4, 0.2, -0.3])
target = 0.7
rate = 0.5
w_ih = np.array([[0.4, -0.5], [0.2, -0.1], [0.1, 0.6]])
w_ho = np.array([0.2, -0.4])

hidden_in = np.dot(x, w_ih)
hidden = squash(hidden_in)
output = squash(np.dot(hidden, w_ho))
error = target - output
output_term = error * output * (1 - output)
hidden_term = np.dot(output_term, w_ho) * hidden * (1 - hidden)
change_ho = rate * output_term * hidden
change_ih = rate * hidden_term * x[:, None]
print(change_ho)
print(change_ih)
