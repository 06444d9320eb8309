import random

import numpy as np


def sigmoide(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoide_prima(z):
    return sigmoide(z) * (1 - sigmoide(z))


class RedPorLotes(object):
    def __init__(self, tamanos):
        self.n_capas = len(tamanos)
        self.sesgos = [np.random.randn(n, 1) for n in tamanos[1:]]
        self.pesos = [np.random.randn(n, k) for k, n in zip(tamanos[:-1], tamanos[1:])]

    def evaluar(self, a):
        for b, w in zip(self.sesgos, self.pesos):
            a = sigmoide(np.dot(w, a) + b)
        return a

    def descenso(self, datos, epocas, tam_lote, eta):
        n = len(datos)
        for j in range(epocas):
            random.shuffle(datos)
            lotes = [datos[k:k + tam_lote] for k in range(0, n, tam_lote)]
            for lote in lotes:
                self.actualizar(lote, eta)
            print("Época {} lista".format(j))

    def actualizar(self, lote, eta):
        nabla_b = [np.zeros(b.shape) for b in self.sesgos]
        nabla_w = [np.zeros(w.shape) for w in self.pesos]
        for x, y in lote:
            de_b, de_w = self.retropropagacion(x, y)
            nabla_b = [suma + d for suma, d in zip(nabla_b, de_b)]
            nabla_w = [suma + d for suma, d in zip(nabla_w, de_w)]
        self.pesos = [w - (eta / len(lote)) * d for w, d in zip(self.pesos, nabla_w)]
        self.sesgos = [b - (eta / len(lote)) * d for b, d in zip(self.sesgos, nabla_b)]

    def retropropagacion(self, x, y):
        nabla_b = [np.zeros(b.shape) for b in self.sesgos]
        nabla_w = [np.zeros(w.shape) for w in self.pesos]
        a = x
        todas = [x]
        zs = []
        for b, w in zip(self.sesgos, self.pesos):
            z = np.dot(w, a) + b
            zs.append(z)
            a = sigmoide(z)
            todas.append(a)
        delta = self.derivada_costo(todas[-1], y) * sigmoide_prima(zs[-1])
        nabla_b[-1] = delta
        nabla_w[-1] = np.dot(delta, todas[-2].transpose())
        for l in range(2, self.n_capas):
            delta = np.dot(self.pesos[-l + 1].transpose(), delta) * sigmoide_prima(zs[-l])
            nabla_b[-l] = delta
            nabla_w[-l] = np.dot(delta, todas[-l - 1].transpose())
        return (nabla_b, nabla_w)

    def derivada_costo(self, salidas, y):
        return (salidas - y)
