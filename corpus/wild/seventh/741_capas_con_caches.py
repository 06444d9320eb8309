import numpy as np


class CapasPorNombre:
    """Red con una función de activación, por su nombre, para cada capa."""

    def __init__(self, tamanos, activaciones):
        self.tamanos = tamanos
        self.activaciones = activaciones
        self.pesos = []
        self.sesgos = []
        for i in range(1, len(tamanos)):
            self.pesos.append(np.random.randn(tamanos[i], tamanos[i - 1]) * 0.01)
            self.sesgos.append(np.zeros((tamanos[i], 1)))

    def _activar(self, Z, nombre):
        if nombre == "relu":
            return np.maximum(0, Z)
        elif nombre == "sigmoid":
            return 1 / (1 + np.exp(-Z))
        elif nombre == "tanh":
            return np.tanh(Z)
        elif nombre == "softmax":
            e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
            return e / np.sum(e, axis=0, keepdims=True)
        raise ValueError(f"Activación '{nombre}' desconocida.")

    def _derivada(self, A, nombre):
        if nombre == "relu":
            return np.where(A > 0, 1, 0)
        elif nombre == "sigmoid":
            return A * (1 - A)
        elif nombre == "tanh":
            return 1 - np.square(A)
        raise ValueError(f"Activación '{nombre}' desconocida.")

    def _costo(self, A, Y):
        return np.squeeze(-np.sum(Y * np.log(A + 1e-10)) / Y.shape[1])

    def adelante(self, X):
        caches = {"A0": X}
        A = X
        for i in range(len(self.pesos)):
            Z = np.dot(self.pesos[i], A) + self.sesgos[i]
            A = self._activar(Z, self.activaciones[i])
            caches[f"Z{i + 1}"] = Z
            caches[f"A{i + 1}"] = A
        return caches

    def atras(self, caches, Y):
        m = Y.shape[1]
        gradientes = {}
        dZ = caches[f"A{len(self.pesos)}"] - Y
        for i in reversed(range(len(self.pesos))):
            gradientes[f"dW{i + 1}"] = np.dot(dZ, caches[f"A{i}"].T) / m
            gradientes[f"db{i + 1}"] = np.sum(dZ, axis=1, keepdims=True) / m
            if i > 0:
                dA = np.dot(self.pesos[i].T, dZ)
                dZ = dA * self._derivada(caches[f"A{i}"], self.activaciones[i - 1])
        return gradientes

    def entrenar(self, X, Y, epocas, tasa):
        costos = []
        for i in range(epocas):
            caches = self.adelante(X)
            costos.append(self._costo(caches[f"A{len(self.pesos)}"], Y))
            gradientes = self.atras(caches, Y)
            for j in range(len(self.pesos)):
                self.pesos[j] -= tasa * gradientes[f"dW{j + 1}"]
                self.sesgos[j] -= tasa * gradientes[f"db{j + 1}"]
        return costos
