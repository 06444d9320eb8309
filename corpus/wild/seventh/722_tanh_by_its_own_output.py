import numpy as np


class RedeEmListas:
    def __init__(self, tamanhos, ativacao='sigmoid', taxa=0.1, epocas=1000):
        self.taxa = taxa
        self.epocas = epocas
        self.n_camadas = len(tamanhos)
        if ativacao == 'sigmoid':
            self.ativa = self.sigmoid
            self.derivada = self.sigmoid_derivada
        elif ativacao == 'tanh':
            self.ativa = self.tanh
            self.derivada = self.tanh_derivada
        else:
            raise ValueError(f'Ativação "{ativacao}" não existe.')
        np.random.seed(42)
        self.pesos = []
        self.vieses = []
        for i in range(self.n_camadas - 1):
            self.pesos.append(np.random.rand(tamanhos[i], tamanhos[i + 1]))
            self.vieses.append(np.random.rand(1, tamanhos[i + 1]))

    def sigmoid(self, v):
        return 1 / (1 + np.exp(-v))

    def sigmoid_derivada(self, v):
        return v * (1 - v)

    def tanh(self, v):
        return np.tanh(v)

    def tanh_derivada(self, v):
        return 1 - np.tanh(v) ** 2

    def frente(self, X):
        saidas = [X]
        somas = []
        for w, b in zip(self.pesos, self.vieses):
            z = np.dot(saidas[-1], w) + b
            somas.append(z)
            saidas.append(self.ativa(z))
        return saidas, somas

    def tras(self, X, y, saidas, somas):
        deltas = [None] * (self.n_camadas - 1)
        erro = y - saidas[-1]
        deltas[-1] = erro * self.derivada(saidas[-1])
        for l in reversed(range(len(deltas) - 1)):
            deltas[l] = np.dot(deltas[l + 1], self.pesos[l + 1].T) * self.derivada(saidas[l + 1])
        for l in range(len(self.pesos)):
            self.pesos[l] += self.taxa * np.dot(saidas[l].T, deltas[l])
            self.vieses[l] += self.taxa * np.sum(deltas[l], axis=0, keepdims=True)

    def treina(self, X, y):
        for epoca in range(self.epocas):
            saidas, somas = self.frente(X)
            self.tras(X, y, saidas, somas)
            if epoca % 1000 == 0:
                perda = np.mean(np.square(y - saidas[-1]))
                print(f'Época {epoca}, erro {perda:.6f}')


if __name__ == '__main__':
    entradas = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    esperadas = np.array([[0], [1], [1], [0]])
    rede = RedeEmListas([2, 4, 3, 1], ativacao='tanh', taxa=0.2)
    rede.treina(entradas, esperadas)
