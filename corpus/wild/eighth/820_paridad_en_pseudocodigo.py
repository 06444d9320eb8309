import math
import random


def sigmoide(v):
    return 1 / (1 + math.exp(-v))


class NeuronaDeParidad:
    def __init__(self):
        self.valor = 0.0
        self.pesos = []  # hacia la capa siguiente


class RedDeParidad:
    def __init__(self, entradas=4, ocultas=4, tasa=0.1, sesgo=1):
        self.tasa = tasa
        self.sesgo = sesgo
        self.entradas = [NeuronaDeParidad() for _ in range(entradas)]
        self.ocultas = [NeuronaDeParidad() for _ in range(ocultas)]
        self.salida = NeuronaDeParidad()
        for x in self.entradas:
            x.pesos = [random.uniform(-1, 1) for _ in range(ocultas)]
        for h in self.ocultas:
            h.pesos = [random.uniform(-1, 1)]

    def avance(self, patron):
        for x, v in zip(self.entradas, patron):
            x.valor = v
        for i, h in enumerate(self.ocultas):
            v = sum(x.pesos[i] * x.valor for x in self.entradas) + self.sesgo
            h.valor = sigmoide(v)
        v = sum(h.pesos[0] * h.valor for h in self.ocultas) + self.sesgo
        self.salida.valor = sigmoide(v)
        return self.salida.valor

    def retroceso(self, deseado):
        # capa de salida
        error = deseado - self.salida.valor
        delta_salida = error * self.salida.valor * (1 - self.salida.valor)

        # capa oculta
        delta_oculta = []
        for h in self.ocultas:
            error = delta_salida * h.pesos[0]
            delta_oculta.append(error * h.valor * (1 - h.valor))

        # actualizar pesos
        for h in self.ocultas:
            h.pesos[0] = self.tasa * delta_salida * h.valor
        for x in self.entradas:
            for i in range(len(self.ocultas)):
                x.pesos[i] = self.tasa * delta_oculta[i] * x.valor

    def epoca(self):
        for n in range(16):
            patron = [n >> k & 1 for k in range(4)]
            self.avance(patron)
            self.retroceso(sum(patron) % 2)


if __name__ == "__main__":
    red = RedDeParidad()
    for vuelta in range(5):
        red.epoca()
        print([h.pesos for h in red.ocultas])
