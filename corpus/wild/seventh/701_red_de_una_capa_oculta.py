import numpy as np


class RedSimple:
    """Una capa oculta, para dos clases."""

    def __init__(self, n_entradas, n_ocultas, n_salidas, tasa=0.5):
        self.tasa = tasa
        self.W1 = np.random.rand(n_entradas, n_ocultas)
        self.b1 = np.random.rand(n_ocultas)
        self.W2 = np.random.rand(n_ocultas, n_salidas)
        self.b2 = np.random.rand(n_salidas)

    def sigmoide(self, v):
        return 1 / (1 + np.exp(-v))

    def pendiente(self, a):
        return a * (1 - a)

    # hacia adelante
    def forward(self, X):
        self.z1 = np.dot(X, self.W1) + self.b1
        self.a1 = self.sigmoide(self.z1)
        self.z2 = np.dot(self.a1, self.W2) + self.b2
        self.a2 = self.sigmoide(self.z2)
        return self.a2

    # hacia atrás
    def backward(self, X, y, salida):
        error = y - salida
        d_salida = error * self.pendiente(salida)
        error_oculto = d_salida.dot(self.W2.T)
        d_oculta = error_oculto * self.pendiente(self.a1)

        self.W2 += self.a1.T.dot(d_salida) * self.tasa
        self.b2 += np.sum(d_salida, axis=0) * self.tasa
        self.W1 += X.T.dot(d_oculta) * self.tasa
        self.b1 += np.sum(d_oculta, axis=0) * self.tasa

    def train(self, X, y, epocas=1000):
        errores = []
        for i in range(epocas):
            salida = self.forward(X)
            self.backward(X, y, salida)
            errores.append(np.mean(np.square(y - salida)))
            if i % 100 == 0:
                print(f"Época {i}, error {errores[-1]}")
        return errores

    def predict(self, X):
        return np.round(self.forward(X))
