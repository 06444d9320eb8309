import numpy as np
from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, X, T):
    table = np.vstack([np.column_stack([b1, W1.T]), np.concatenate([b2, W2[:, 0]])])
    m.WEJSCIA, m.OCZEKIWANE, m.WAGI = np.column_stack([np.ones(len(X)), X]), T[:, 0], table
    m.LIMIT, m.TOLERANCJA = 1, 0.0
    g = (table - m.ucz_calkowita_energia()) / 0.5
    return g[:2, 1:].T, g[:2, 0], g[2, 1:, None], g[2, :1]


def loss(m, W1, b1, W2, b2, X, T):
    return m.blad(T, sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)).sum()
