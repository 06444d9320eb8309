import math
import random

ENTRADA = 2
OCULTO = 2
SAIDA = 1
TAXA = 0.8


class NeuronioDeTipo:
    def __init__(self, tipo):
        self.tipo = tipo  # "E", "O" ou "S"
        self.limiar = 0.5 - random.random()
        self.peso = [0.5 - random.random(), 0.5 - random.random()]
        self.saida = 0.0
        self.erro = 0.0

    def sigmoide(self, soma):
        self.saida = 1.0 / (1 + math.exp(-soma))

    def derivada(self):
        return self.saida * (1.0 - self.saida)


class RedeDeCinco:
    def __init__(self):
        tipos = ["E"] * ENTRADA + ["O"] * OCULTO + ["S"] * SAIDA
        self.neuronios = [NeuronioDeTipo(tipo) for tipo in tipos]

    def busca(self, entrada):
        for i, n in enumerate(self.neuronios):
            if n.tipo == "E":
                n.saida = entrada[i]
            elif n.tipo == "O":
                soma = n.limiar + n.peso[0] * self.neuronios[0].saida + n.peso[1] * self.neuronios[1].saida
                n.sigmoide(soma)
            else:
                soma = n.limiar + n.peso[0] * self.neuronios[2].saida + n.peso[1] * self.neuronios[3].saida
                n.sigmoide(soma)
        return self

    def recalcula_erro(self, resultado):
        n = self.neuronios

        # o neuronio 4 e a saida
        n[4].erro = (resultado - n[4].saida) * n[4].derivada()
        n[4].limiar = n[4].limiar + TAXA * n[4].erro
        n[4].peso[0] = n[4].peso[0] + TAXA * n[4].erro * n[2].saida
        n[4].peso[1] = n[4].peso[1] + TAXA * n[4].erro * n[3].saida

        # os neuronios ocultos
        n[3].erro = (n[4].peso[1] * n[4].erro) * n[3].derivada()
        n[3].limiar = n[3].limiar + TAXA * n[3].erro
        n[3].peso[0] = n[3].peso[0] + TAXA * n[3].erro * n[0].saida
        n[3].peso[1] = n[3].peso[1] + TAXA * n[3].erro * n[1].saida

        n[2].erro = (n[4].peso[0] * n[4].erro) * n[2].derivada()
        n[4].limiar = n[2].limiar + TAXA * n[2].erro
        n[4].peso[0] = n[2].peso[0] + TAXA * n[2].erro * n[0].saida
        n[4].peso[1] = n[4].peso[1] + TAXA * n[2].erro * n[1].saida
        return self


if __name__ == "__main__":
    rede = RedeDeCinco()
    for volta in range(2000):
        a, b = volta % 2, volta // 2 % 2
        rede.busca([a, b]).recalcula_erro(a ^ b)
    print(rede.busca([1, 0]).neuronios[4].saida)
