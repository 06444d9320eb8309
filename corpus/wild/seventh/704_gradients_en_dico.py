import numpy as np


class ReseauDico:
    param = {}
    A = {}

    # format : le nombre de neurones de chaque couche ; X et Y : une colonne par exemple
    def __init__(self, format, X, Y, pas=0.2):
        self.X = X
        self.Y = Y
        self.n_couches = len(format)
        self.pas = pas
        for c in range(1, self.n_couches):
            self.param["W" + str(c)] = np.random.randn(format[c], format[c - 1])
            self.param["b" + str(c)] = np.random.randn(format[c], 1)

    def _en_avant(self, X):
        A = {"A0": X}
        for c in range(1, self.n_couches):
            Z = self.param["W" + str(c)].dot(A["A" + str(c - 1)]) + self.param["b" + str(c)]
            A["A" + str(c)] = 1 / (1 + np.exp(-Z))
        return A

    def _gradients(self):
        dZ = self.A["A" + str(self.n_couches - 1)] - self.Y
        gradients = {}
        for c in reversed(range(1, self.n_couches)):
            avant = self.A["A" + str(c - 1)]
            gradients["dW" + str(c)] = 1 / self.Y.size * np.dot(dZ, avant.T)
            gradients["db" + str(c)] = 1 / self.Y.size * np.sum(dZ)
            if c > 1:
                dZ = np.dot(self.param["W" + str(c)].T, dZ) * avant * (1 - avant)
        return gradients

    def _en_arriere(self):
        gradients = self._gradients()
        for c in range(1, self.n_couches):
            for lettre in ("W", "b"):
                nom = lettre + str(c)
                self.param[nom] = self.param[nom] - self.pas * gradients["d" + nom]

    def apprendre(self, tours):
        justes = np.zeros(tours)
        for i in range(tours):
            self.A = self._en_avant(self.X)
            self._en_arriere()
            justes[i] = np.mean(self.predire(self.X) == self.Y)
        return justes

    def predire(self, X):
        return self._en_avant(X)["A" + str(self.n_couches - 1)] >= 0.5
