import numpy as np

np.random.seed(8)

x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
t = np.array([[0.0], [1.0], [1.0], [0.0]])

h_size = 2
spread = 0.2
v = 0.5 + np.random.uniform(-spread, spread, (x.shape[1] + 1, h_size))
w = 0.5 + np.random.uniform(-spread, spread, (h_size + 1, t.shape[1]))

slope = 1
eta = 0.2
rounds = 2000


def tf(z):
    return 1 / (1 + np.exp(-4 * slope * z))


def append(m):
    return np.hstack([m, -np.ones((len(m), 1))])


xb = append(x)
ans = []
for turn in range(rounds):
    # forward
    h = tf(xb @ v)
    hb = append(h)
    y = tf(hb @ w)
    ans.append(y[0])

    # backward
    dy = (y - t) * y * (1 - y)
    dhb = hb * (1 - hb) * (dy @ w.T)

    # now adjust w after using it
    w = w - eta * (hb.T @ dy)
    dh = dhb[:, :-1]
    v = v - eta * (xb.T @ dh)

# the final answer
y = tf(append(tf(xb @ v)) @ w)
print(y)
