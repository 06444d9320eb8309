import numpy as np


def initialiser(dims):
    params = {}
    C = len(dims)
    for c in range(1, C):
        params['W' + str(c)] = np.random.randn(dims[c], dims[c - 1])
        params['b' + str(c)] = np.random.randn(dims[c], 1)
    return params


def propager(X, params):
    couches = {'A0': X}
    C = len(params) // 2
    for c in range(1, C + 1):
        Z = params['W' + str(c)].dot(couches['A' + str(c - 1)]) + params['b' + str(c)]
        couches['A' + str(c)] = 1 / (1 + np.exp(-Z))
    return couches


def cout_log(A, y):
    eps = 1e-15
    return 1 / len(y) * np.sum(-y * np.log(A + eps) - (1 - y) * np.log(1 - A + eps))


def retropropager(y, couches, params):
    m = y.shape[1]
    C = len(params) // 2
    dZ = couches['A' + str(C)] - y
    grads = {}
    for c in reversed(range(1, C + 1)):
        grads['dW' + str(c)] = 1 / m * np.dot(dZ, couches['A' + str(c - 1)].T)
        grads['db' + str(c)] = 1 / m * np.sum(dZ, axis=1, keepdims=True)
        if c > 1:
            dZ = np.dot(params['W' + str(c)].T, dZ) * couches['A' + str(c - 1)] * (1 - couches['A' + str(c - 1)])
    return grads


def mettre_a_jour(grads, params, pas):
    C = len(params) // 2
    for c in range(1, C + 1):
        params['W' + str(c)] = params['W' + str(c)] - pas * grads['dW' + str(c)]
        params['b' + str(c)] = params['b' + str(c)] - pas * grads['db' + str(c)]
    return params


def predire(X, params):
    couches = propager(X, params)
    return couches['A' + str(len(params) // 2)] >= 0.5


def reseau(X, y, cachees=(32, 32), pas=0.1, n_iter=1000):
    np.random.seed(0)
    dims = list(cachees)
    dims.insert(0, X.shape[0])
    dims.append(y.shape[0])
    params = initialiser(dims)
    pertes = []
    for i in range(n_iter):
        couches = propager(X, params)
        grads = retropropager(y, couches, params)
        params = mettre_a_jour(grads, params, pas)
        if i % 10 == 0:
            pertes.append(cout_log(couches['A' + str(len(params) // 2)], y))
    return params, pertes
