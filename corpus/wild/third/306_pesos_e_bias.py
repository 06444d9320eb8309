import numpy as np


class Rede_Neural:
    def __init__(self):
        self.n_entradas = 2
        self.n_ocultos = 3
        self.n_saidas = 1
        self.tr = 0.7  # taxa de aprendizagem

        rng = np.random.RandomState(3)
        self.w_1 = rng.random_sample((self.n_ocultos, self.n_entradas)) - 0.5
        self.w_2 = rng.random_sample((self.n_saidas, self.n_ocultos)) - 0.5
        self.bias_h = rng.random_sample((self.n_ocultos, 1)) - 0.5
        self.bias_o = rng.random_sample((self.n_saidas, 1)) - 0.5

        self.sig = lambda x: 1 / (1 + np.exp(-x))
        self.dsig = lambda y: y * (1.0 - y)

    def backpropagation(self, x_tr, y_alvo):
        x = np.array(x_tr, ndmin=2).T
        oculta = self.sig(np.add(np.dot(self.w_1, x), self.bias_h))
        final = self.sig(np.add(np.dot(self.w_2, oculta), self.bias_o))

        erro = y_alvo - final
        if (i % 5000) == 0:
            print("Erro:", erro)
        erro_oculto = np.dot(self.w_2.T, erro)

        self.w_2 += self.tr * np.dot(erro * self.dsig(final), np.transpose(oculta))
        self.bias_o += self.tr * (erro * self.dsig(final))
        self.w_1 += self.tr * np.dot(erro_oculto * self.dsig(oculta), np.transpose(x))
        self.bias_h += self.tr * (erro_oculto * self.dsig(oculta))

    def consultar(self, x_con):
        x = np.array(x_con, ndmin=2).T
        oculta = self.sig(np.add(np.dot(self.w_1, x), self.bias_h))
        return print(self.sig(np.add(np.dot(self.w_2, oculta), self.bias_o)))


rn = Rede_Neural()
x_treinamento = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
y_alvos = np.array([[0], [1], [1], [0]])

for i in range(20):
    for x_tr, y_alvo in zip(x_treinamento, y_alvos):
        rn.backpropagation(x_tr, y_alvo)
