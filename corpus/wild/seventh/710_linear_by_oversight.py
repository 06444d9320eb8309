import numpy as np

n, d_in, hid, d_out = 16, 5, 4, 2

np.random.seed(9)
x = np.random.randn(n, d_in)
y = np.random.randn(n, d_out)

w1 = np.random.randn(d_in, hid)
w2 = np.random.randn(hid, d_out)

rate = 1e-3
rounds = 400

for turn in range(rounds):
    h = x.dot(w1)
    h_pos = np.maximum(h, 0)
    guess = h.dot(w2)

    loss = np.square(guess - y).sum()
    print("turn:", turn, "loss:", loss)

    g_guess = 2.0 * (guess - y)
    g_w2 = h_pos.T.dot(g_guess)
    g_h_pos = g_guess.dot(w2.T)
    g_h = g_h_pos.copy()
    g_h[h < 0] = 0
    g_w1 = x.T.dot(g_h)

    w1 -= rate * g_w1
    w2 -= rate * g_w2
