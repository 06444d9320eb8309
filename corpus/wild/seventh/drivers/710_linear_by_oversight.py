def gradient(m, W1, W2, X, T):
    end = m.run(x=X, y=T, w1=W1, w2=W2, rounds=1, rate=1e-3)
    return end["g_w1"], end["g_w2"]


def loss(m, W1, W2, X, T):
    return m.run(x=X, y=T, w1=W1, w2=W2, rounds=1, rate=1e-3)["loss"]
