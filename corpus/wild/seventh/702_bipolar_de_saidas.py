import numpy as np

PASSO = 0.2
OCULTAS = 4
EPOCAS = 500
MODULO = 50


def bipolar(linhas):
    """De textos com # e . a uma matriz de 1 e -1."""
    return np.array([[{".": -1, "#": 1}.get(c, 0) for c in linha] for linha in linhas])


def f(x):
    return (2 / (1 + np.exp(-x))) - 1


def f_linha(x):
    return (1 / 2) * (1 + f(x)) * (1 - f(x))


X = bipolar(["#.#", ".#.", "###", "..#"])
y = bipolar(["#.", ".#", "##", ".."])

np.random.seed(4)
pesos0 = 2 * np.random.random((3, OCULTAS)) - 1
pesos1 = 2 * np.random.random((OCULTAS, 2)) - 1

for epoca in range(EPOCAS):
    # para a frente
    camada0 = X
    camada1 = f(camada0 @ pesos0)
    camada2 = f(camada1 @ pesos1)

    # erro e retropropagação
    erro2 = y - camada2
    delta2 = erro2 * f_linha(camada2)
    erro1 = delta2 @ pesos1.T
    delta1 = erro1 * f_linha(camada1)

    if (epoca % MODULO) == 0:
        print("Erro:", str(np.mean(np.abs(erro2))))

    # ajuste
    pesos1 += camada1.T @ delta2 * PASSO
    pesos0 += camada0.T @ delta1 * PASSO

for linha in f(f(X @ pesos0) @ pesos1):
    print("".join("#" if v >= 0 else "." for v in linha))
