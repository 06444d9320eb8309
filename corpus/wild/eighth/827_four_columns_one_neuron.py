import numpy as np

np.random.seed(7)

# the columns of the table
c1 = np.array([2, 1, 2, 2])
c2 = np.array([3, 1, 2, 1])
c3 = np.array([1, 3, 1, 1])
c4 = np.array([2, 2, 1, 1])

table = np.array([c1, c2, c3, c4]).T
wanted = np.array([0.3, 0.7, 0.9, 0.4])

weights = np.random.randn(4)
bias = 0.0
learning_rate = 0.05
turns = 5000

losses = list()


def squash(x):
    return 1 / (1 + np.exp(-x))


def d_squash(x):
    return x * (1 - x)


for turn in range(turns):
    S = table.dot(weights) + bias
    out = squash(S)

    E = wanted - out
    A = E * d_squash(out)

    weights = weights + learning_rate * table.T.dot(A)
    bias = bias + learning_rate * A.sum()

    if turn % 1000 == 0:
        losses.append(np.mean(E**2))

print("weights", np.round(weights, 4), "bias", np.round(bias, 4))
print("predictions", np.round(out, 4), "losses", losses)
