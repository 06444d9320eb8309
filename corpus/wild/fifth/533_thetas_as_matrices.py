import numpy as np

rng = np.random.RandomState(6)
pixels = np.matrix(np.vstack([np.ones((1, 8)), rng.rand(3, 8)]))
classes = np.matrix(np.eye(3)[rng.randint(0, 3, 8)].T)
m = 8

th1 = np.matrix(rng.randn(4, 4))
th2 = np.matrix(rng.randn(3, 5))
alpha = 0.01
rounds = 1


def sigmoid(theta, x):
    return 1 / (1 + np.exp(-(theta * x)))


# thetas are moved once in a round
for turn in range(0, rounds):
    sum_1, sum_2 = 0, 0
    for t in range(0, m):
        hidden = np.matrix(np.concatenate((np.ones((1, 1)), sigmoid(th1, pixels[:, t]))))
        output = sigmoid(th2, hidden)
        d_3 = output - classes[:, t]
        d_2 = np.multiply((th2.T * d_3), (np.multiply(hidden, (1 - hidden))))

        sum_2 += d_3 * hidden.T
        sum_1 += d_2[1:] * pixels[:, t].T

    slope_2 = (sum_2 / m)
    slope_1 = (sum_1 / m)
    th1 = th1 - (alpha * slope_1)
    th2 = th2 - (alpha * slope_2)
