import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-z))


def cost_function(nn_params, X, y, N_IN, N_HIDDEN, N_OUT, lmbda):
    m = X.shape[0]
    cut = N_HIDDEN * (N_IN + 1)
    Theta_1 = np.reshape(nn_params[0:cut], (N_HIDDEN, N_IN + 1), order="F").copy()
    Theta_2 = np.reshape(nn_params[cut:], (N_OUT, N_HIDDEN + 1), order="F").copy()
    A_1 = np.hstack((np.ones((m, 1), dtype=int), X))
    A_2 = np.hstack((np.ones((m, 1), dtype=int), squash(A_1.dot(Theta_1.T))))
    A_3 = squash(A_2.dot(Theta_2.T))
    C = np.identity(N_OUT, dtype=int)
    table = np.zeros((m, N_OUT), dtype=int)
    for i in range(0, m):
        table[i, :] = C[int(y[i] - 1), :]
    J = -1 / m * np.sum(np.multiply(table, np.log(A_3)) + np.multiply((1 - table), np.log(1 - A_3)))
    J = J + lmbda / (2 * m) * (np.sum(np.power(Theta_1[:, 1:], 2)) + np.sum(np.power(Theta_2[:, 1:], 2)))
    D_3 = A_3 - table
    D_2 = np.multiply(np.multiply(D_3.dot(Theta_2[:, 1:]), A_2[:, 1:]), (1 - A_2[:, 1:]))
    grad1 = 1 / m * np.dot(D_2.T, A_1) + lmbda / m * np.hstack((np.zeros((N_HIDDEN, 1)), Theta_1[:, 1:]))
    grad2 = 1 / m * np.dot(D_3.T, A_2) + lmbda / m * np.hstack((np.zeros((N_OUT, 1)), Theta_2[:, 1:]))
    return [J, np.hstack((np.ravel(grad1.T), np.ravel(grad2.T)))]
