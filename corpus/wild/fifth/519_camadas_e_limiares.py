from copy import deepcopy
from math import exp
from random import randint, random, seed


class Sigmoide:
    def __init__(self, a=1):
        self.a = a

    def fx(self, x):
        return 1 / (1 + exp(-1 * x * self.a))

    def dFx(self, x):
        return self.a * self.fx(x) * (1 - self.fx(x))


class Neuronio(object):
    def __init__(self, pesos, taxa=1, bias=-1):
        self.ativacao = Sigmoide()
        self.pesos = deepcopy(pesos)
        self.taxa = taxa
        self.bias = bias

    def passo(self, x):
        return self.ativacao.fx(x)

    def dPasso(self, x):
        return self.ativacao.dFx(x)

    def __soma(self, args):
        soma = 0
        for i, x in enumerate(args):
            soma = self.pesos[i] * float(x) + soma
        soma = self.pesos[i + 1] * self.bias + soma
        self.soma = soma
        return soma

    def avaliar(self, atributos):
        self.entradas = []  # guarda as entradas
        for i in atributos:
            self.entradas.append(i)
        self.saida = self.passo(self.__soma(atributos))
        return self.saida


class RedeMLP(object):
    # vNeuronios: quantos neurônios em cada camada; qtPesos: quantos pesos tem cada um
    def __init__(self, vNeuronios, qtPesos, taxa, qtEpocas):
        self.camadas = []
        self.qtCamadas = len(vNeuronios)
        self.qtEpocas = qtEpocas
        self.bias = -1
        self.taxa = taxa
        seed(randint(0, 100))
        for i, e in enumerate(vNeuronios):
            self.camadas.append([])
            for j in range(e):
                w = [random() for k in range(qtPesos[i])]
                self.camadas[i].append(Neuronio(w, self.taxa, self.bias))

    def avaliar(self, atributos):
        saida = atributos
        for camada in self.camadas:
            saida = [neuronio.avaliar(saida) for neuronio in camada]
        return saida

    def fit(self, atributos, classes):
        for epoca in range(self.qtEpocas):
            for at, classe in zip(atributos, classes):
                saida = self.avaliar(at)
                for k, e in enumerate(saida):
                    if e != classe[k]:
                        self.delta = []
                        self.__atualizarSaida(classe)
                        self.__atualizarOcultas()
                        break

    def __atualizarSaida(self, classe):
        self.__deltasDaSaida(classe)
        for p, neuronio in enumerate(self.camadas[-1]):
            for w in range(len(neuronio.pesos) - 1):
                neuronio.pesos[w] = neuronio.pesos[w] + self.taxa * neuronio.entradas[w] * self.delta[0][p]
            neuronio.pesos[-1] = neuronio.pesos[-1] + self.taxa * self.bias * self.delta[0][p]

    def __deltasDaSaida(self, classe):
        d = []
        for i, neuronio in enumerate(self.camadas[-1]):
            d.append(neuronio.dPasso(neuronio.soma) * (classe[i] - neuronio.saida))
        self.delta.append(d)

    def __deltaOculto(self, indDelta, indN, camada):
        neuronio = self.camadas[camada][indN]
        return neuronio.dPasso(neuronio.soma) * self.__somaDosDeltas(indDelta, indN, camada)

    def __somaDosDeltas(self, indDelta, indN, camada):
        s = 0
        for i, neuronio in enumerate(self.camadas[camada + 1]):
            s = neuronio.pesos[indN] * self.delta[indDelta][i] + s
        return s

    def __atualizarOcultas(self):
        for indDelta, camada in enumerate(range(self.qtCamadas - 2, -1, -1)):
            ds = []
            for indN, neuronio in enumerate(self.camadas[camada]):
                delta = self.__deltaOculto(indDelta, indN, camada)
                for w in range(len(neuronio.pesos) - 1):
                    neuronio.pesos[w] = neuronio.pesos[w] + self.taxa * neuronio.entradas[w] * delta
                neuronio.pesos[-1] = neuronio.pesos[-1] + self.taxa * self.bias * delta
                ds.append(delta)
            self.delta.append(ds)
