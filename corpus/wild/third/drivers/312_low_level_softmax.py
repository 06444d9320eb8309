import numpy as np


def filled(m, W1, b1):
    model = m.SoftmaxRegression1(2, 3)
    model.weights, model.bias = W1.T, b1
    return model


def gradient(m, W1, b1, X, T):
    model = filled(m, W1, b1)
    dw, db = model.backward(X, T, model.forward(X)[1])
    return dw.T, np.full(3, db)


def loss(m, W1, b1, X, T):
    return m.cross_entropy(filled(m, W1, b1).forward(X)[1], T).sum()
