import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-1 * z))


def slopes(z):
    return [[squash(v) * (1 - squash(v)) for v in row] for row in z]


samples = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
wanted = np.array([[0], [1], [1], [0]])
rng = np.random.RandomState(2)
W1 = rng.random_sample((3, 2))
b1 = np.zeros([3, 1])
W2 = rng.random_sample((1, 3))
b2 = rng.random_sample((1, 1))
alpha = 0.05
steps = 100

for _ in range(steps):
    pick = rng.choice(len(samples), 1)
    x = np.array(samples[pick])
    x.shape = (-1, 1)
    y = np.array(wanted[pick])
    hidden = squash(np.dot(W1, x) + b1)
    guess = squash(np.dot(W2, hidden) + b2)
    err = y - guess
    s2 = -2 * squash(guess) * (1 - squash(guess)) * err
    flat = np.array(slopes(hidden))
    flat.shape = (1, -1)
    s1 = np.dot(np.diag(flat[0]), W2.T) * s2
    W2 = W2 - alpha * s2 * hidden.T
    b2 = b2 - alpha * s2
    W1 = W1 - alpha * np.dot(s1, x.T)
    b1 = b1 - alpha * s1
