import numpy as np

data = np.array([[0, 0],
                 [0, 1],
                 [1, 0],
                 [1, 1]])

goal = np.array([[0],
                 [1],
                 [1],
                 [0]])

np.random.seed(42)
Wa = np.random.randn(2, 4)
ba = np.zeros((1, 4))
Wb = np.random.randn(4, 1)
bb = np.zeros((1, 1))


def hyper(v):
    return np.tanh(v)


def hyper_slope(v):
    return 1 - np.tanh(v) ** 2


def squash(v):
    return 1 / (1 + np.exp(-v))


def squash_slope(v):
    s = squash(v)
    return s * (1 - s)


rate = 0.5
rounds = 2000

for turn in range(rounds):
    z1 = np.dot(data, Wa) + ba
    a1 = hyper(z1)
    z2 = np.dot(a1, Wb) + bb
    a2 = squash(z2)

    loss = np.mean((goal - a2) ** 2)

    d_a2 = 2 * (a2 - goal)
    d_z2 = d_a2 * squash_slope(z2)
    d_Wb = np.dot(a1.T, d_z2)
    d_bb = np.sum(d_z2, axis=0, keepdims=True)

    d_a1 = np.dot(d_z2, Wb.T)
    d_z1 = d_a1 * hyper_slope(z1)
    d_Wa = np.dot(data.T, d_z1)
    d_ba = np.sum(d_z1, axis=0, keepdims=True)

    Wb -= rate * d_Wb
    bb -= rate * d_bb
    Wa -= rate * d_Wa
    ba -= rate * d_ba

    if turn % 500 == 0:
        print(f"round {turn}, loss {loss:.4f}")

print(np.round(squash(np.dot(hyper(np.dot(data, Wa) + ba), Wb) + bb)))
