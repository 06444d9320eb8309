import numpy as np


def hinge(w, xTr, yTr, lam):
    margins = yTr * np.matmul(w.T, xTr)
    loss = np.maximum(0, 1 - margins)
    loss = np.sum(loss) + lam * np.matmul(w.T, w)
    inside = np.where(margins > 1, 0, yTr)
    gradient = 0 - np.matmul(xTr, inside.T) + 2 * lam * w
    return loss, gradient
