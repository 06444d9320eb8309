import math
import random


class Camada:
    def __init__(self, unidades, anteriores):
        self.unidades = unidades
        self.saida = [0.0] * unidades
        self.erro = [0.0] * unidades
        self.peso = [[random.uniform(-1, 1) for _ in range(anteriores)] for _ in range(unidades)]
        self.d_peso = [[0.0] * anteriores for _ in range(unidades)]


class Malha:
    def __init__(self, *unidades):
        self.ganho = 1.0
        self.polarizacao = 0.0
        self.aprendizado = 0.3
        self.momento = 0.5
        self.erro = 0.0
        self.alvo = [0.0] * unidades[-1]
        self.camadas = [Camada(n, a) for n, a in zip(unidades, (0, *unidades))]

    def por_entrada(self, neuronio, valor):
        self.camadas[0].saida[neuronio - 1] = valor

    def por_alvo(self, neuronio, valor):
        self.alvo[neuronio - 1] = valor

    def propagar(self):
        for antes, camada in zip(self.camadas, self.camadas[1:]):
            for j in range(camada.unidades):
                soma = 0.0
                for k in range(antes.unidades):
                    soma += camada.peso[j][k] * antes.saida[k]
                camada.saida[j] = 1 / (1 + math.exp(-(self.ganho * soma + self.polarizacao)))

    def erro_de_saida(self):
        ultima = self.camadas[-1]
        self.erro = 0.0
        for i in range(ultima.unidades):
            s = ultima.saida[i]
            falta = self.alvo[i] - s  # esperado menos obtido
            ultima.erro[i] = self.ganho * s * (1 - s) * falta
            self.erro += 0.5 * falta * falta

    def retropropagar(self):
        for n in range(len(self.camadas) - 2, 0, -1):
            camada, acima = self.camadas[n], self.camadas[n + 1]
            for j in range(camada.unidades):
                s = camada.saida[j]
                soma = 0.0
                for k in range(acima.unidades):
                    soma += acima.peso[k][j] * acima.erro[k]
                camada.erro[j] = self.ganho * s * (1 - s) * soma

    def ajustar(self):
        for antes, camada in zip(self.camadas, self.camadas[1:]):
            for j in range(camada.unidades):
                for k in range(antes.unidades):
                    passo = self.aprendizado * camada.erro[j] * antes.saida[k]
                    camada.peso[j][k] += passo + self.momento * camada.d_peso[j][k]
                    camada.d_peso[j][k] = passo

    def treinar(self):
        self.propagar()
        self.erro_de_saida()
        self.retropropagar()
        self.ajustar()


if __name__ == "__main__":
    malha = Malha(2, 3, 1)
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)) * 500:
        malha.por_entrada(1, a)
        malha.por_entrada(2, b)
        malha.por_alvo(1, a ^ b)
        malha.treinar()
    print(malha.erro)
