import math
import random


def sigmoide(x):
    return 1.0 / (1.0 + math.exp(-x))


def derivada_sigmoide(y):
    return y * (1.0 - y)


class RedNeuronal:
    def __init__(self, arquitectura, tasa_aprendizaje=0.1):
        self.arquitectura = arquitectura
        self.num_capas = len(arquitectura)
        self.tasa_aprendizaje = tasa_aprendizaje
        self.pesos = []
        self.sesgos = []
        for antes, ahora in zip(arquitectura, arquitectura[1:]):
            limite = math.sqrt(6.0 / (antes + ahora))
            self.pesos.append([[random.uniform(-limite, limite) for _ in range(antes)] for _ in range(ahora)])
            self.sesgos.append([random.uniform(-limite, limite) for _ in range(ahora)])
        self.activaciones = []
        self.gradientes_pesos = []
        self.gradientes_sesgos = []

    def forward(self, entradas):
        self.activaciones = [entradas[:]]
        for capa in range(self.num_capas - 1):
            anterior = self.activaciones[-1]
            salida = []
            for fila, sesgo in zip(self.pesos[capa], self.sesgos[capa]):
                z = sesgo
                for peso, a in zip(fila, anterior):
                    z += peso * a
                salida.append(sigmoide(z))
            self.activaciones.append(salida)
        return self.activaciones[-1]

    def backward(self, salida_deseada):
        salida = self.activaciones[-1]
        # L = 1/2 (y - a)²
        deltas = [[-(y - a) * derivada_sigmoide(a) for y, a in zip(salida_deseada, salida)]]
        for capa in range(self.num_capas - 2, 0, -1):
            delta_capa = []
            for j, a in enumerate(self.activaciones[capa]):
                suma = 0.0
                for k in range(len(deltas[-1])):
                    suma += self.pesos[capa][k][j] * deltas[-1][k]
                delta_capa.append(suma * derivada_sigmoide(a))
            deltas.append(delta_capa)
        deltas.reverse()

        self.gradientes_pesos = []
        self.gradientes_sesgos = []
        for capa in range(self.num_capas - 1):
            self.gradientes_sesgos.append(list(deltas[capa]))
            self.gradientes_pesos.append([[d * a for a in self.activaciones[capa]] for d in deltas[capa]])
        return sum((y - a) ** 2 for y, a in zip(salida_deseada, salida)) / len(salida)

    def actualizar_pesos(self):
        for capa in range(self.num_capas - 1):
            for j in range(len(self.pesos[capa])):
                self.sesgos[capa][j] -= self.tasa_aprendizaje * self.gradientes_sesgos[capa][j]
                for k in range(len(self.pesos[capa][j])):
                    self.pesos[capa][j][k] -= self.tasa_aprendizaje * self.gradientes_pesos[capa][j][k]

    def entrenar(self, entradas, salidas, epocas=100):
        for _ in range(epocas):
            for x, y in zip(entradas, salidas):
                self.forward(x)
                self.backward(y)
                self.actualizar_pesos()
