import numpy as np

sigmoide = (
    lambda v: 1 / (1 + np.exp(-v)),
    lambda a: a * (1 - a)
)


def pendiente_relu(v):
    v[v <= 0] = 0
    v[v > 0] = 1
    return v


rectificar = (
    lambda v: v * (v > 0),
    lambda v: pendiente_relu(v)
)


class Capa():
    def __init__(self, n_antes, n, funcion):
        self.funcion = funcion
        self.b = np.round(np.random.rand(1, n) * 2 - 1, 3)
        self.W = np.round(np.random.rand(n_antes, n) * 2 - 1, 3)


def ecm(previsto, real):
    media = np.mean((np.array(previsto) - np.array(real)) ** 2)
    diferencia = np.array(previsto) - np.array(real)
    return (media, diferencia)


def entrenar(X, Y, red, tasa=0.01):
    salidas = [X]
    for i in range(len(red)):
        z = salidas[-1] @ red[i].W + red[i].b
        salidas.append(red[i].funcion[0](z))

    atras = list(range(len(salidas) - 1))
    atras.reverse()
    delta = []
    for i in atras:
        a = salidas[i + 1]
        if i == atras[0]:
            delta.append(ecm(a, Y)[1] * red[i].funcion[1](a))
        else:
            delta.append(delta[-1] @ W_sig * red[i].funcion[1](a))
        W_sig = red[i].W.transpose()
        red[i].b = red[i].b - np.mean(delta[-1], axis=0, keepdims=True) * tasa
        red[i].W = red[i].W - salidas[i].transpose() @ delta[-1] * tasa
    return salidas[-1]


def nueva(neuronas, funciones):
    return [Capa(neuronas[i], neuronas[i + 1], funciones[i]) for i in range(len(neuronas) - 1)]


if __name__ == '__main__':
    np.random.seed(8)
    centros = np.repeat([[-1.0, -1.0], [1.0, 1.0]], 20, axis=0)
    puntos = centros + 0.3 * np.random.randn(40, 2)
    clases = np.repeat([[0], [1]], 20, axis=0)
    red = nueva([2, 4, 8, 1], [rectificar, rectificar, sigmoide])
    for epoca in range(200):
        previstos = entrenar(puntos, clases, red, 0.01)
    print(ecm(np.round(previstos), clases)[0])
