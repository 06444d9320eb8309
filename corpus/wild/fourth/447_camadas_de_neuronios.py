import math
import random


class Neuronio:
    def __init__(self, conexoes, funcao="relu"):
        self.entrada = [0.0] * conexoes
        limite = 1 / math.sqrt(conexoes) if conexoes > 0 else 1
        self.pesos = [random.uniform(-limite, limite) for _ in range(conexoes)]
        self.bias = random.uniform(-0.1, 0.1)
        self.funcao = funcao

    def forward(self):
        soma = sum(e * p for e, p in zip(self.entrada, self.pesos))
        self.z = soma + self.bias
        self.saida = self.activation(self.z)
        return self.saida

    def activation(self, x):
        if self.funcao == "tanh":
            return math.tanh(x)
        elif self.funcao == "linear":
            return x
        else:
            return max(0.0, x)

    def derivada(self, x):
        if self.funcao == "tanh":
            t = math.tanh(x)
            return 1 - t * t
        elif self.funcao == "linear":
            return 1
        else:
            return 1.0 if x > 0 else 0.0


class RedeDensa:
    def __init__(self, n_entrada, n_saida, hidden_layers, hidden_size, funcao="relu"):
        saida = [Neuronio(hidden_size, "linear") for _ in range(n_saida)]
        h0 = [Neuronio(n_entrada, funcao) for _ in range(hidden_size)]
        hidden = [[Neuronio(hidden_size, funcao) for _ in range(hidden_size)]
                  for _ in range(hidden_layers - 1)]
        self.camadas = [h0] + hidden + [saida]

    def forward(self, entrada):
        entradas_aqui = entrada
        for camada in self.camadas:
            saidas = []
            for neuronio in camada:
                neuronio.entrada = entradas_aqui
                saidas.append(neuronio.forward())
            entradas_aqui = saidas
        return entradas_aqui

    def treinar(self, entradas, saidas, epochs=1000, taxa=0.01):
        for epoch in range(epochs):
            if epoch % 100 == 0:
                perda = 0
                for entrada, saida in zip(entradas, saidas):
                    previsto = self.forward(entrada)
                    perda += sum((s - p) ** 2 for s, p in zip(saida, previsto)) / len(saida)
                print(f"Epoch {epoch}/{epochs}, MSE: {perda / len(entradas)}")

            dados = list(zip(entradas, saidas))
            random.shuffle(dados)
            entradas, saidas = zip(*dados)

            for entrada, saida in zip(entradas, saidas):
                previsto = self.forward(entrada)
                erro = [p - s for s, p in zip(saida, previsto)]
                grad_saida = [(2 / len(saida)) * erro[i] * self.camadas[-1][i].derivada(self.camadas[-1][i].z)
                             for i in range(len(saida))]
                grads_das_camadas = [grad_saida]

                for i in range(len(self.camadas) - 2, 0, -1):
                    grads_novos = []
                    for j, neuronio in enumerate(self.camadas[i]):
                        grad = 0.0
                        for k, seguinte in enumerate(self.camadas[i + 1]):
                            grad += grads_das_camadas[0][k] * seguinte.pesos[j]
                        grads_novos.append(grad * neuronio.derivada(neuronio.z))
                    grads_das_camadas.insert(0, grads_novos)

                for i in range(1, len(self.camadas)):
                    entradas_aqui = [n.saida for n in self.camadas[i - 1]]
                    for j, neuronio in enumerate(self.camadas[i]):
                        for k in range(len(neuronio.pesos)):
                            neuronio.pesos[k] -= taxa * grads_das_camadas[i - 1][j] * entradas_aqui[k]
                        neuronio.bias -= taxa * grads_das_camadas[i - 1][j]
