import numpy as np


def squash(v, slope=False):
    if slope == True:
        return v * (1 - v)
    return 1 / (1 + np.exp(-v))


data = np.array([[0, 0],
                 [0, 1],
                 [1, 0],
                 [1, 1]])

goal = np.array([[0, 0, 0, 1]]).T

np.random.seed(1)

rounds = 60000
w_a = 2 * np.random.random((2, 4)) - 1
w_b = 2 * np.random.random((4, 1)) - 1

for turn in range(rounds):
    a0 = data
    a1 = squash(np.dot(a0, w_a))
    a2 = squash(np.dot(a1, w_b))

    a2_miss = goal - a2
    a2_err = a2_miss * squash(a2, True)

    if (turn % 10000) == 0:
        print("Miss:", str(np.mean(np.abs(a2_miss))))

    a1_miss = a2_err.dot(w_b.T)
    a1_err = a1_miss * squash(a1, True)

    w_b += np.dot(a1.T, a2_err)
    w_a += np.dot(a0.T, a1_err)

print("Outputs at the end:")
print(a2)
