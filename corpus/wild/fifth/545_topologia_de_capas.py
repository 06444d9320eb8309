import numpy as np


class capa_neuronal():
    def __init__(self, n_con, n_neur, fun_act):
        self.fun_act = fun_act
        self.b = np.random.rand(1, n_neur) * 2 - 1
        self.W = np.random.rand(n_con, n_neur) * 2 - 1


# función de activación y su derivada
sigm = (lambda x: 1 / (1 + np.e ** (-x)),
        lambda x: x * (1 - x))

relu = lambda x: np.maximum(0, x)


def crear_red(topologia, fun_act):
    red = []
    for i, capa in enumerate(topologia[:-1]):
        red.append(capa_neuronal(topologia[i], topologia[i + 1], fun_act))
    return red


p = 2
topologia = [p, 4, 3, 1]
red = crear_red(topologia, sigm)

coste_l2 = (lambda Yp, Yr: np.mean((Yp - Yr) ** 2),
            lambda Yp, Yr: (Yp - Yr))


def entrenar(red, X, Y, coste_l2, lr=0.5, aprender=True):
    # hacia delante
    salidas = [(None, X)]
    for i, capa in enumerate(red):
        z = salidas[-1][1] @ red[i].W + red[i].b
        a = red[i].fun_act[0](z)
        salidas.append((z, a))
    print(coste_l2[0](salidas[-1][1], Y))

    if aprender:
        # hacia atrás
        deltas = []
        for i in reversed(range(0, len(red))):
            a = salidas[i + 1][1]
            if i == len(red) - 1:
                deltas.insert(0, coste_l2[1](a, Y) * red[i].fun_act[1](a))
            else:
                deltas.insert(0, deltas[0] @ _W.T * red[i].fun_act[1](a))
            _W = red[i].W

            # descenso del gradiente
            red[i].b = red[i].b - np.mean(deltas[0], axis=0, keepdims=True) * lr
            red[i].W = red[i].W - salidas[i][1].T @ deltas[0] * lr
    return salidas[-1][1]
