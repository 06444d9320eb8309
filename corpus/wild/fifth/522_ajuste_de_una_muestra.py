import numpy as np


def rectificar(z):
    return np.maximum(0, z)


def lineal(w, x, b):
    return np.dot(w, x) + b


def entropia_cruzada(y_hat, y):
    eps = 1e-12  # para no tomar log(0)
    return -np.sum(y * np.log(y_hat + eps))


def softmax(z):
    return np.exp(z) / np.sum(np.exp(z))


def derivada_rectificar(z):
    return (z > 0).astype(float)


def ajustar(x, y, W1, b1, W2, b2):
    # hacia adelante
    z1 = lineal(W1, x, b1)
    a1 = rectificar(z1)
    z2 = lineal(W2, a1, b2)
    y_hat = softmax(z2)

    # hacia atrás, salida
    dz2 = y_hat - y
    dW2 = np.dot(dz2, a1.T)
    db2 = dz2

    # hacia atrás, capa oculta
    da1 = np.dot(W2.T, dz2)
    dz1 = da1 * derivada_rectificar(z1)
    dW1 = np.dot(dz1, x.T)
    db1 = dz1
    return dW1, db1, dW2, db2, y_hat


def entrenar(X, Y, W1, b1, W2, b2, ciclos=5, tasa=0.01):
    for ciclo in range(ciclos):
        perdida = 0
        for i in range(len(X)):
            x = X[i].reshape(-1, 1)
            y = Y[i].reshape(-1, 1)
            dW1, db1, dW2, db2, y_hat = ajustar(x, y, W1, b1, W2, b2)
            W1 -= tasa * dW1
            b1 -= tasa * db1
            W2 -= tasa * dW2
            b2 -= tasa * db2
            perdida += entropia_cruzada(y_hat, y)
        print("Ciclo", ciclo + 1, "pérdida", perdida / len(X))
