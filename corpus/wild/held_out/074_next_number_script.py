import numpy as np


def rectify(z):
    return np.maximum(z, 0)


def squared(a, b):
    return (a - b) ** 2


history = np.array([[2.2, 3.2, 1.9], [3.2, 1.9, 4.8], [1.9, 4.8, 0.6], [4.8, 0.6, 4.2], [0.6, 4.2, 1.7]])
following = np.array([4.8, 0.6, 4.2, 1.7, 4.7])
rng = np.random.RandomState(0)
w1 = rng.uniform(0, 1, (4, 3))
w2 = rng.uniform(0, 1, (4,))
v = 0.005
epochs = 50

for _ in range(epochs):
    s1 = np.dot(w1, history.T)
    y1 = rectify(s1)
    s2 = np.dot(w2, y1)
    y2 = rectify(s2)
    error = np.sum(squared(y2, following)) / (2 * len(y2))
    print(error)
    change2 = np.dot(y2 - following, y1.T)
    change1 = np.dot(np.dot(w2.reshape(-1, 1), (y2 - following).reshape(1, -1)), history)
    w2 = w2 - v * change2
    w1 = w1 - v * change1
