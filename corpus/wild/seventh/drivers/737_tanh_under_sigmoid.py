def ended(m, W1, b1, W2, b2, X, T):
    return m.run(data=X, goal=T, Wa=W1, ba=b1[None], Wb=W2, bb=b2[None], rounds=1, rate=0.5)


def gradient(m, W1, b1, W2, b2, X, T):
    end = ended(m, W1, b1, W2, b2, X, T)
    return (W1 - end["Wa"]) / 0.5, (b1 - end["ba"][0]) / 0.5, (W2 - end["Wb"]) / 0.5, (b2 - end["bb"][0]) / 0.5


def loss(m, W1, b1, W2, b2, X, T):
    return ended(m, W1, b1, W2, b2, X, T)["loss"]
