import numpy as np


def gradient(m, W1, W2, X, T):
    end = m.run(X=X, y=T, pesos0=W1, pesos1=W2, EPOCAS=1, PASSO=0.2)
    return (W1 - end["pesos0"]) / 0.2, (W2 - end["pesos1"]) / 0.2


def loss(m, W1, W2, X, T):
    return 0.5 * ((np.tanh(np.tanh(X @ W1 / 2) @ W2 / 2) - T) ** 2).sum()
