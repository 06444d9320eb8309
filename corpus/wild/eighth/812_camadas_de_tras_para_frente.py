import numpy as np

ETA = 0.2
LIMITE = 1e-30
EPOCAS = 5000

neuronios = [2, 2, 1]
total = len(neuronios)

np.random.seed(3)


def sigma(M):
    return 1 / (1 + np.exp(-M))


def d_sigma(M):
    return (1 / (1 + np.exp(-M))) * (1 - 1 / (1 + np.exp(-M)))


# pesos: neuronios da proxima camada x (bias + neuronios da camada)
W = [np.random.rand(neuronios[i + 1], neuronios[i] + 1) for i in range(total - 1)]

entrada = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
d = np.array([[0.0, 1.0, 1.0, 0.0]])

B = -np.ones((1, entrada.shape[1]))  # o bias
Y = [entrada] + [None] * (total - 1)

epoca = 0
while True:
    # propagacao direta
    for i in range(1, total):
        Y[i] = W[i - 1] @ np.vstack([B, Y[i - 1]])
        Y[i] = sigma(Y[i])

    erro = d - Y[total - 1]
    MSE = np.trace(erro.T @ erro) / d.size
    if MSE <= LIMITE or epoca == EPOCAS:
        break

    for i in range(total - 2, 0, -1):
        if i == total - 2:
            delta = d_sigma(Y[i + 1]) * erro
        else:
            delta = d_sigma(np.vstack([B, Y[i + 1]])) * (W[i + 1].T @ delta)

        dW = ETA * delta @ np.vstack([B, Y[i]]).T
        W[i] = W[i] + dW
    epoca += 1
    print("Epoca:", epoca, "MSE:", MSE)

print(Y[total - 1])
