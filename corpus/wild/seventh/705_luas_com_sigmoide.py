import numpy as np


def sigmoide(v):
    return 1 / (1 + np.exp(-v))


def derivada(v):
    return sigmoide(v) * (1 - sigmoide(v))


# duas luas pequenas, uma coluna de rótulos
rng = np.random.RandomState(42)
angulo = rng.uniform(0, np.pi, 20)
X = np.vstack([np.c_[np.cos(angulo), np.sin(angulo)], np.c_[1 - np.cos(angulo), 0.5 - np.sin(angulo)]])
y = np.r_[np.zeros(20), np.ones(20)].reshape(-1, 1)

taxa = 0.1
epocas = 500

np.random.seed(42)
pesos = np.random.randn(2, 1)
vies = np.random.randn()

erros = []
for epoca in range(epocas):
    # para a frente
    soma = np.dot(X, pesos) + vies
    saida = sigmoide(soma)

    erro = y - saida
    erros.append(np.mean(np.square(erro)))

    # para trás
    d_erro = -2 * erro / len(X)
    d_saida = derivada(soma)
    gradiente = d_erro * d_saida

    pesos -= taxa * np.dot(X.T, gradiente)
    vies -= taxa * np.sum(gradiente)

certos = ((sigmoide(np.dot(X, pesos) + vies) > 0.5).astype(int) == y).mean()
print(f"Acerto: {certos * 100:.2f}%")
