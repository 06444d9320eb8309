import math
import random


class Neuronio:
    def __init__(self, conexoes, activation_function="relu"):
        self.entrada = [0.0] * conexoes
        limite = 1 / math.sqrt(conexoes) if conexoes > 0 else 1
        self.pesos = [random.uniform(-limite, limite) for _ in range(conexoes)]
        self.bias = random.uniform(-0.1, 0.1)
        self.activation_function = activation_function

    def forward(self):
        soma = sum(e * p for e, p in zip(self.entrada, self.pesos))
        self.z = soma + self.bias
        self.saida = self.activation(self.z)
        return self.saida

    def activation(self, x):
        if self.activation_function == "tanh":
            return math.tanh(x)
        elif self.activation_function == "linear":
            return x
        else:
            return max(0.0, x)

    def activation_derivada(self, x):
        if self.activation_function == "tanh":
            t = math.tanh(x)
            return 1 - t * t
        elif self.activation_function == "linear":
            return 1
        else:
            return 1.0 if x > 0 else 0.0


class RedeNeuralDensa:
    def __init__(self, tam_entrada, tam_saida, hidden_layers, hidden_size, activation_function="relu"):
        saida = [Neuronio(hidden_size, "linear") for _ in range(tam_saida)]
        h0 = [Neuronio(tam_entrada, activation_function) for _ in range(hidden_size)]
        hidden = [[Neuronio(hidden_size, activation_function) for _ in range(hidden_size)]
                  for _ in range(hidden_layers - 1)]
        self.camadas = [h0] + hidden + [saida]

    def forward(self, entrada):
        entradas_camada = entrada
        for camada in self.camadas:
            saidas = []
            for neuronio in camada:
                neuronio.entrada = entradas_camada
                saidas.append(neuronio.forward())
            entradas_camada = saidas
        return entradas_camada

    def treinar(self, entradas, saidas, epochs=1000, learning_rate=0.01):
        for epoch in range(epochs):
            if epoch % 100 == 0:
                total_loss = 0
                for entrada, saida in zip(entradas, saidas):
                    previsao = self.forward(entrada)
                    total_loss += sum((s - p) ** 2 for s, p in zip(saida, previsao)) / len(saida)
                print(f"Epoch {epoch}/{epochs}, MSE: {total_loss / len(entradas)}")

            dados = list(zip(entradas, saidas))
            random.shuffle(dados)
            entradas, saidas = zip(*dados)

            for entrada, saida in zip(entradas, saidas):
                previsao = self.forward(entrada)
                erro = [p - s for s, p in zip(saida, previsao)]
                gradiente = [(2 / len(saida)) * erro[i] * self.camadas[-1][i].activation_derivada(self.camadas[-1][i].z)
                             for i in range(len(saida))]
                gradientes_por_camada = [gradiente]

                for i in range(len(self.camadas) - 2, 0, -1):
                    gradientes_nova_camada = []
                    for j, neuronio in enumerate(self.camadas[i]):
                        grad = 0.0
                        for k, neuronio_prox in enumerate(self.camadas[i + 1]):
                            grad += gradientes_por_camada[0][k] * neuronio_prox.pesos[j]
                        gradientes_nova_camada.append(grad * neuronio.activation_derivada(neuronio.z))
                    gradientes_por_camada.insert(0, gradientes_nova_camada)

                for i in range(1, len(self.camadas)):
                    entradas_camada = [n.saida for n in self.camadas[i - 1]]
                    for j, neuronio in enumerate(self.camadas[i]):
                        for k in range(len(neuronio.pesos)):
                            neuronio.pesos[k] -= learning_rate * gradientes_por_camada[i - 1][j] * entradas_camada[k]
                        neuronio.bias -= learning_rate * gradientes_por_camada[i - 1][j]
