import numpy as np
from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, X, T):
    model = m.LogisticRegression()
    model.w, model.w0 = W1.T, b1[0]
    dw, dw0 = model._log_grad(X, T[:, 0])
    return dw.T, np.array([dw0])


def loss(m, W1, b1, X, T):
    Y = sigmoid(X @ W1 + b1)
    return -(T * np.log(Y) + (1 - T) * np.log(1 - Y)).mean()
