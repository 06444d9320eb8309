import numpy as np

n_input = 3
n_hidden = 4
n_output = 1

semilla = np.random.RandomState(3)
w_oculta = semilla.randn(n_hidden, n_input) * np.sqrt(2 / n_input)
w_salida = semilla.randn(n_output, n_hidden) * np.sqrt(2 / n_hidden)
b_oculta = np.zeros((n_hidden, 1))
b_salida = np.zeros((n_output, 1))

relu = lambda x: np.maximum(x, 0)
logistica = lambda x: 1 / (1 + np.exp(-x))
d_relu = lambda x: x > 0
d_logistica = lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2


def hacia_adelante(X):
    Z1 = w_oculta @ X + b_oculta
    A1 = relu(Z1)
    Z2 = w_salida @ A1 + b_salida
    A2 = logistica(Z2)
    return Z1, A1, Z2, A2


def costo(A2, Y):
    return np.mean((A2 - Y) ** 2)


def hacia_atras(Z1, A1, Z2, A2, X, Y):
    dC_dA2 = 2 * A2 - 2 * Y
    dA2_dZ2 = d_logistica(Z2)
    dZ2_dA1 = w_salida
    dA1_dZ1 = d_relu(Z1)

    # capa de salida
    dC_dW2 = dC_dA2 @ dA2_dZ2 @ A1.T
    dC_dB2 = dC_dA2 @ dA2_dZ2 * 1

    # capa oculta
    dC_dA1 = dC_dA2 @ dA2_dZ2 @ dZ2_dA1
    dC_dW1 = dC_dA1 @ dA1_dZ1 @ X.T
    dC_dB1 = dC_dA1 @ dA1_dZ1 * 1
    return dC_dW1, dC_dB1, dC_dW2, dC_dB2


def entrenar(X_train, Y_train, L=0.05, epochs=1000):
    global w_oculta, b_oculta, w_salida, b_salida
    for i in range(epochs):
        idx = np.random.choice(X_train.shape[0], 1, replace=False)
        X_uno = X_train[idx].T
        Y_uno = Y_train[idx]
        Z1, A1, Z2, A2 = hacia_adelante(X_uno)
        dW1, dB1, dW2, dB2 = hacia_atras(Z1, A1, Z2, A2, X_uno, Y_uno)
        w_oculta -= L * dW1
        b_oculta -= L * dB1
        w_salida -= L * dW2
        b_salida -= L * dB2
