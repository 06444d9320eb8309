import math
import random


class RedDeObjetos:
    TASA = 0.5

    def __init__(self, n_entradas, n_ocultas, n_salidas):
        self.n_entradas = n_entradas
        self.oculta = CapaDeNeuronas(n_ocultas, n_entradas)
        self.salida = CapaDeNeuronas(n_salidas, n_ocultas)

    def adelante(self, entradas):
        return self.salida.adelante(self.oculta.adelante(entradas))

    def entrenar(self, entradas, deseadas):
        self.adelante(entradas)

        # 1. el error de salida
        err_salida = [0] * len(self.salida.neuronas)
        for o in range(len(self.salida.neuronas)):
            err_salida[o] = self.salida.neuronas[o].error_neto(deseadas[o])

        # 2. el error de la capa oculta
        err_oculta = [0] * len(self.oculta.neuronas)
        for h in range(len(self.oculta.neuronas)):
            suma = 0
            for o in range(len(self.salida.neuronas)):
                suma += err_salida[o] * self.salida.neuronas[o].pesos[h]
            err_oculta[h] = suma * self.oculta.neuronas[h].pendiente()

        # 3. los pesos de salida
        for o in range(len(self.salida.neuronas)):
            neurona = self.salida.neuronas[o]
            for k in range(len(neurona.pesos)):
                cambio = self.TASA * err_salida[o] * neurona.entradas[k]
                neurona.pesos[k] = neurona.pesos[k - 1] + cambio

        # 4. los pesos ocultos
        for h in range(len(self.oculta.neuronas)):
            neurona = self.oculta.neuronas[h]
            for k in range(len(neurona.pesos)):
                cambio = self.TASA * err_oculta[h] * neurona.entradas[k]
                neurona.pesos[k] = neurona.pesos[k - 1] + cambio

    def error_total(self, ejemplos):
        total = 0
        for entradas, deseadas in ejemplos:
            self.adelante(entradas)
            for o in range(len(deseadas)):
                total += self.salida.neuronas[o].error(deseadas[o])
        return total


class CapaDeNeuronas:
    def __init__(self, n, n_entradas):
        self.neuronas = [NeuronaSuelta(n_entradas) for i in range(n)]

    def adelante(self, entradas):
        return [neurona.calcular(entradas) for neurona in self.neuronas]


class NeuronaSuelta:
    def __init__(self, n_entradas):
        self.pesos = [random.random() for i in range(n_entradas)]

    def calcular(self, entradas):
        self.entradas = entradas
        neto = 0
        for i in range(len(entradas)):
            neto += entradas[i] * self.pesos[i]
        self.valor = 1 / (1 + math.exp(-neto))
        return self.valor

    def error(self, deseada):
        return 0.5 * (deseada - self.valor) ** 2

    def error_neto(self, deseada):
        return (deseada - self.valor) * self.pendiente()

    def pendiente(self):
        return self.valor * (1 - self.valor)
