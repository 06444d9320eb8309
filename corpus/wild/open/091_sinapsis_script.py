import numpy as np


def logistica(z):
    return 1 / (1 + np.exp(-z))


def pendiente(a):
    return 1 * (1 - a)


entradas = np.array([[0, 0, 1], [1, 1, 1], [1, 0, 1], [0, 1, 1]])
salidas = np.array([[0], [1], [1], [0]])
rng = np.random.RandomState(1)
pesos0 = 2 * rng.random_sample((3, 4)) - 1
pesos1 = 2 * rng.random_sample((4, 1)) - 1
vueltas = 200

for _ in range(vueltas):
    nivel1 = logistica(np.dot(entradas, pesos0))
    nivel2 = logistica(np.dot(nivel1, pesos1))
    error2 = salidas - nivel2
    delta2 = error2 * pendiente(nivel2)
    error1 = np.dot(delta2, pesos1.T)
    delta1 = error1 * pendiente(nivel1)
    pesos1 += np.dot(nivel1.T, delta2)
    pesos0 += np.dot(entradas.T, delta1)
