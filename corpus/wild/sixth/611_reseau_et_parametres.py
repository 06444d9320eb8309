import numpy as np


class Reseau:
    """Perceptron multicouche : relu dans les couches cachées, sigmoïde en sortie."""

    def __init__(self, tailles):
        self.tailles = tailles
        self.parametres = {}
        self.L = len(tailles) - 1
        np.random.seed(31)
        for l in range(1, self.L + 1):
            echelle = np.sqrt(2. / tailles[l - 1])
            self.parametres['W' + str(l)] = np.random.randn(tailles[l], tailles[l - 1]) * echelle
            self.parametres['b' + str(l)] = np.zeros((tailles[l], 1))

    def _relu(self, Z):
        return np.maximum(0, Z)

    def _pente_relu(self, Z):
        return (Z > 0).astype(float)

    def _sigmoide(self, Z):
        return 1 / (1 + np.exp(-np.clip(Z, -500, 500)))

    def _avant(self, X):
        memoire = {'A0': X}
        A = X
        for l in range(1, self.L):
            Z = np.dot(self.parametres['W' + str(l)], A) + self.parametres['b' + str(l)]
            A = self._relu(Z)
            memoire['Z' + str(l)] = Z
            memoire['A' + str(l)] = A
        Z = np.dot(self.parametres['W' + str(self.L)], A) + self.parametres['b' + str(self.L)]
        A = self._sigmoide(Z)
        memoire['Z' + str(self.L)] = Z
        memoire['A' + str(self.L)] = A
        return A, memoire

    def _cout(self, A, Y):
        m = Y.shape[1]
        petit = 1e-15
        cout = (-1 / m) * np.sum(Y * np.log(A + petit) + (1 - Y) * np.log(1 - A + petit))
        return np.squeeze(cout)

    def _arriere(self, Y, memoire):
        m = Y.shape[1]
        pentes = {}
        dZ = memoire['A' + str(self.L)] - Y
        A_avant = memoire['A' + str(self.L - 1)]
        pentes['dW' + str(self.L)] = (1 / m) * np.dot(dZ, A_avant.T)
        pentes['db' + str(self.L)] = (1 / m) * np.sum(dZ, axis=1, keepdims=True)
        for l in reversed(range(1, self.L)):
            dA = np.dot(self.parametres['W' + str(l + 1)].T, dZ)
            dZ = dA * self._pente_relu(memoire['Z' + str(l)])
            A_avant = memoire['A' + str(l - 1)]
            pentes['dW' + str(l)] = (1 / m) * np.dot(dZ, A_avant.T)
            pentes['db' + str(l)] = (1 / m) * np.sum(dZ, axis=1, keepdims=True)
        return pentes

    def _corriger(self, pentes, pas):
        for l in range(1, self.L + 1):
            self.parametres['W' + str(l)] -= pas * pentes['dW' + str(l)]
            self.parametres['b' + str(l)] -= pas * pentes['db' + str(l)]

    def entrainer(self, X, Y, tours=1000, pas=0.01, montrer=True):
        X_T = X.T
        Y_T = Y.T.reshape(1, -1)
        for tour in range(tours):
            A, memoire = self._avant(X_T)
            cout = self._cout(A, Y_T)
            pentes = self._arriere(Y_T, memoire)
            self._corriger(pentes, pas)
            if montrer and tour % 1000 == 0:
                print(f"Tour {tour} | coût {cout:.4f}")

    def predire(self, X):
        A, _ = self._avant(X.T)
        return (A > 0.5).astype(int).T
