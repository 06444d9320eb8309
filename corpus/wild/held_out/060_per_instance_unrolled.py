import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return squash(z) * (1 - squash(z))


def rolled(params, n_in, n_hidden, n_labels):
    cut = n_hidden * (n_in + 1)
    Theta1 = np.reshape(params[:cut].copy(), (n_hidden, n_in + 1), order="F")
    Theta2 = np.reshape(params[cut:].copy(), (n_labels, n_hidden + 1), order="F")
    return Theta1, Theta2


def with_one(a):
    return np.append(1, a)


def column(a):
    return np.array([[v] for v in a])


def label_row(label, n):
    row = np.zeros([n])
    row[label - 1] = 1
    return row


def one_instance(X, y, Theta1, Theta2, t):
    a1 = with_one(X[t])
    z2 = np.dot(a1, Theta1.T)
    a2 = with_one(squash(z2))
    a3 = squash(np.dot(a2, Theta2.T))
    dz3 = a3 - label_row(y[t], a3.shape[0])
    dw2 = np.dot(column(a2), column(dz3).T)
    dz2 = np.dot(dw2[1:], column(dz3)) * column(slope(z2))
    dw1 = np.dot(dz2, column(a1).T)
    return dw1, dw2.T


def without_first(theta):
    for i in range(theta.shape[0]):
        theta[i, 0] = 0
    return theta


def cost_and_grad(params, n_in, n_hidden, n_labels, X, y, lam):
    Theta1, Theta2 = rolled(params, n_in, n_hidden, n_labels)
    m = X.shape[0]
    a2 = squash(np.hstack((np.ones((m, 1)), X)) @ Theta1.T)
    a3 = squash(np.hstack((np.ones((m, 1)), a2)) @ Theta2.T)
    J = 0.0
    for k in range(n_labels):
        yes, h = y == k + 1, a3[:, k]
        J -= (np.sum(yes * np.log(h)) + np.sum((1 - yes) * np.log(1 - h))) / m
    J += lam / (2 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))
    grad1, grad2 = np.zeros(Theta1.shape), np.zeros(Theta2.shape)
    for t in range(m):
        dw1, dw2 = one_instance(X, y, Theta1, Theta2, t)
        grad1 += dw1
        grad2 += dw2
    grad1 /= m
    grad2 /= m
    grad1 += (lam / m) * without_first(Theta1)
    grad2 += (lam / m) * without_first(Theta2)
    grad = np.hstack((np.reshape(grad1, grad1.size, order="F"), np.reshape(grad2, grad2.size, order="F")))
    return J, np.expand_dims(grad, axis=1)
