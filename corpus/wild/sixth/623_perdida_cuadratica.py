import numpy as np
from typing import List


class RedMulticapa:
    def __init__(self, entradas: int = 20, ocultas: int = 5, salidas: int = 3, tasa: float = 0.01):
        self.entradas = entradas
        self.ocultas = ocultas
        self.salidas = salidas
        self.tasa = tasa
        self.iniciar()

    def iniciar(self, semilla: int = None):
        if semilla is not None:
            np.random.seed(semilla)
        self.W1 = np.random.randn(self.entradas, self.ocultas) * np.sqrt(2 / self.entradas)
        self.b1 = np.zeros((1, self.ocultas))
        self.W2 = np.random.randn(self.ocultas, self.salidas) * np.sqrt(2 / self.ocultas)
        self.b2 = np.zeros((1, self.salidas))

    def sigmoide(self, x):
        return 1 / (1 + np.exp(-np.clip(x, -500, 500)))

    def pendiente(self, x: List[List[float]]) -> List[List[float]]:
        def una(valor):
            return 1 / (1 + 2.718281828459045 ** -valor)

        s = [[una(valor) for valor in fila] for fila in x]
        return [[valor * (1 - valor) for valor in fila] for fila in s]

    def softmax(self, x: List[List[float]]) -> List[List[float]]:
        todo = []
        for fila in x:
            mayor = max(fila)
            e = [2.718281828459045 ** (valor - mayor) for valor in fila]
            suma = sum(e)
            todo.append([valor / suma for valor in e])
        return todo

    def forward(self, X):
        self.Z1 = np.dot(X, self.W1) + self.b1
        self.A1 = self.sigmoide(self.Z1)
        self.Z2 = np.dot(self.A1, self.W2) + self.b2
        self.A2 = self.softmax(self.Z2)
        return self.Z1, self.A1, self.Z2, self.A2

    def backward(self, X, etiquetas, m: int):
        # capa de salida: derivada del error cuadrático
        dZ2 = self.A2 - etiquetas
        dW2 = (1 / m) * np.dot(self.A1.T, dZ2)
        db2 = (1 / m) * np.sum(dZ2, axis=0, keepdims=True)
        # capa oculta
        dZ1 = np.dot(dZ2, self.W2.T) * self.pendiente(self.Z1)
        dW1 = (1 / m) * np.dot(X.T, dZ1)
        db1 = (1 / m) * np.sum(dZ1, axis=0, keepdims=True)

        self.W2 -= self.tasa * dW2
        self.b2 -= self.tasa * db2
        self.W1 -= self.tasa * dW1
        self.b1 -= self.tasa * db1

    def entrenar(self, X, etiquetas, epocas: int = 1000, hablar: bool = True) -> List[float]:
        m = X.shape[0]
        perdidas = []
        for epoca in range(epocas):
            _, _, _, A2 = self.forward(X)
            self.backward(X, etiquetas, m)
            perdida = np.mean(np.sum(1 / 2 * (A2 - etiquetas) ** 2, axis=1))
            perdidas.append(perdida)
            if hablar and (epoca + 1) % 100 == 0:
                print(f"Época {epoca + 1}/{epocas}, pérdida {perdida:.4f}")
        return perdidas

    def predecir(self, X):
        _, _, _, A2 = self.forward(X)
        return np.eye(self.salidas)[np.argmax(A2, axis=1)]
