import numpy as np


class RedeClassificadora:
    def __init__(self, n_entrada, ocultas, n_saida):
        self.ocultas = ocultas
        self.pesos = []
        self.vieses = []
        tamanhos = [n_entrada, *ocultas, n_saida]
        for antes, depois in zip(tamanhos[:-1], tamanhos[1:]):
            self.pesos.append(np.random.randn(antes, depois) * np.sqrt(2. / antes))
            self.vieses.append(np.zeros((1, depois)))

    def relu(self, v):
        return np.maximum(0, v)

    def relu_derivada(self, v):
        return (v > 0).astype(int)

    def softmax(self, v):
        e = np.exp(v - np.max(v, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)

    def entropia(self, prevista, verdadeira):
        m = verdadeira.shape[0]
        return -np.sum(verdadeira * np.log(prevista + 1e-8)) / m

    def frente(self, X):
        self.saidas = []
        self.somas = []
        a = X
        for i in range(len(self.ocultas)):
            z = np.dot(a, self.pesos[i]) + self.vieses[i]
            a = self.relu(z)
            self.saidas.append(a)
            self.somas.append(z)
        prevista = self.softmax(np.dot(self.saidas[-1], self.pesos[-1]) + self.vieses[-1])
        self.saidas.append(prevista)
        return prevista

    def retropropaga(self, X, y, taxa):
        m = X.shape[0]
        gradiente = self.saidas[-1] - y

        # camada de saída
        self.pesos[-1] -= np.dot(self.saidas[-2].T, gradiente) * taxa / m
        self.vieses[-1] -= np.sum(gradiente, axis=0, keepdims=True) * taxa / m

        # camadas ocultas
        for i in range(len(self.ocultas) - 1, -1, -1):
            gradiente = np.dot(gradiente, self.pesos[i + 1].T) * self.relu_derivada(self.somas[i])
            if i > 0:
                self.pesos[i] -= np.dot(self.saidas[i - 1].T, gradiente) * taxa / m
                self.vieses[i] -= np.sum(gradiente, axis=0, keepdims=True) * taxa / m
            else:
                self.pesos[i] -= np.dot(X.T, gradiente) * taxa / m
                self.vieses[i] -= np.sum(gradiente, axis=0, keepdims=True) * taxa / m

    def treina(self, X, y, epocas, lote, taxa):
        for epoca in range(epocas):
            for i in range(0, len(X), lote):
                prevista = self.frente(X[i:i + lote])
                custo = self.entropia(prevista, y[i:i + lote])
                self.retropropaga(X[i:i + lote], y[i:i + lote], taxa)
            if epoca % 10 == 0:
                print(f'Época {epoca}, custo {custo:.4f}')
