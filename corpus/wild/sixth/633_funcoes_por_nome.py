import numpy as np


def sigmoide(x):
    return 1 / (1 + np.exp(-x))


def sigmoide_inclinacao(a):
    return a * (1 - a)


def relu(x):
    return np.maximum(0, x)


def relu_inclinacao(a):
    return (a > 0).astype(float)


def tanh(x):
    return np.tanh(x)


def tanh_inclinacao(a):
    return 1 - (a ** 2)


def linear(x):
    return x


def linear_inclinacao(a):
    return np.ones_like(a)


FUNCOES = {
    'sigmoid': {'f': sigmoide, 'df': sigmoide_inclinacao},
    'relu': {'f': relu, 'df': relu_inclinacao},
    'tanh': {'f': tanh, 'df': tanh_inclinacao},
    'linear': {'f': linear, 'df': linear_inclinacao},
}


class MinhaRede:
    def __init__(self, camadas, nomes, taxa=0.01, epocas=1000):
        self.camadas = camadas
        self.taxa = taxa
        self.epocas = epocas
        self.pesos = []
        self.vieses = []
        self.funcoes = []
        if len(nomes) != len(camadas) - 1:
            raise ValueError("Uma função de ativação por camada.")
        for nome in nomes:
            if nome not in FUNCOES:
                raise ValueError(f"Função '{nome}' desconhecida.")
            self.funcoes.append(FUNCOES[nome])
        for i in range(len(camadas) - 1):
            self.pesos.append(np.random.randn(camadas[i], camadas[i + 1]) * 0.01)
            self.vieses.append(np.zeros((1, camadas[i + 1])))

    def _para_frente(self, X):
        saidas = [X]
        atual = X
        for i in range(len(self.pesos)):
            z = np.dot(atual, self.pesos[i]) + self.vieses[i]
            atual = self.funcoes[i]['f'](z)
            saidas.append(atual)
        return saidas

    def _para_tras(self, X, y, saidas):
        n = len(self.camadas)
        deltas = [None] * n
        d_pesos = [None] * (n - 1)
        d_vieses = [None] * (n - 1)

        erro = saidas[-1] - y
        deltas[-1] = erro * self.funcoes[-1]['df'](saidas[-1])
        for i in reversed(range(n - 1)):
            d_pesos[i] = np.dot(saidas[i].T, deltas[i + 1])
            d_vieses[i] = np.sum(deltas[i + 1], axis=0, keepdims=True)
            if i > 0:
                deltas[i] = np.dot(deltas[i + 1], self.pesos[i].T) * self.funcoes[i - 1]['df'](saidas[i])

        for i in range(n - 1):
            self.pesos[i] -= self.taxa * d_pesos[i]
            self.vieses[i] -= self.taxa * d_vieses[i]

    def treinar(self, X, y):
        for epoca in range(self.epocas):
            saidas = self._para_frente(X)
            self._para_tras(X, y, saidas)
            if epoca % (self.epocas // 10) == 0:
                perda = np.mean(np.square(y - saidas[-1]))
                print(f"Época {epoca}/{self.epocas}, perda {perda:.4f}")

    def prever(self, X):
        return (self._para_frente(X)[-1] > 0.5).astype(int)
