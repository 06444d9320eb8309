import numpy as np


class PropagadorAtras:
    def __init__(self, entradas, salidas, epocas, error_deseado, tasa, n_ocultas, n_clases):
        self.entradas = entradas
        self.salidas = salidas
        self.epocas = epocas
        self.error_deseado = error_deseado
        self.tasa = tasa
        self.n_ocultas = n_ocultas
        self.n_clases = n_clases
        self.pesos1 = np.zeros((n_ocultas, 3))
        self.pesos_salida = np.zeros((n_clases, 3))

    def propagar(self):
        error_cuadratico = np.finfo(np.float64).max
        historia = []
        epoca = 0
        sens1 = np.zeros(self.n_ocultas)
        sens3 = np.zeros(self.n_clases)
        self.iniciar_pesos()
        while epoca < self.epocas and error_cuadratico > self.error_deseado:
            error_cuadratico = 0
            error = np.zeros(self.n_clases)
            net1, net3 = np.zeros(self.n_ocultas), np.zeros(self.n_clases)
            sal1, sal3 = np.zeros(self.n_ocultas), np.zeros(self.n_clases)
            for x, t in zip(self.entradas, self.salidas):
                # adelante
                for i in range(self.n_ocultas):
                    net1[i] = self.pesos1[i][0] + np.dot(x, self.pesos1[i][1:])
                    sal1[i] = self.sigmoide(net1[i])
                for i in range(self.n_clases):
                    net3[i] = self.pesos_salida[i][0] + np.dot(sal1, self.pesos_salida[i][1:])
                    sal3[i] = self.sigmoide(net3[i])

                # atrás
                for i in range(self.n_clases):
                    error[i] = t[i] - sal3[i]
                    sens3[i] = self.derivada(net3[i]) * error[i]
                tras = np.transpose(self.pesos1)
                for i in range(self.n_ocultas):
                    sens1[i] = (self.derivada(net1[i]) * tras[0][i] * sens3[0]
                                + self.derivada(net1[i]) * tras[1][i] * sens3[1]
                                + self.derivada(net1[i]) * tras[2][i] * sens3[2])

                # los pesos
                for neurona in range(self.n_ocultas):
                    for i in range(len(x)):
                        self.pesos1[neurona][i + 1] += (self.tasa * sens1[i] * x[i])
                    self.pesos1[neurona][0] += self.tasa * sens1[neurona]
                for neurona in range(self.n_clases):
                    for i in range(len(sal1)):
                        self.pesos_salida[neurona][i + 1] += (self.tasa * sens3[i] * sal1[i])
                    self.pesos_salida[neurona][0] += self.tasa * sens3[neurona]
                error_cuadratico += sum(error) ** 2
            epoca += 1
            error_cuadratico /= len(self.entradas)
            historia.append(error_cuadratico)
        return np.array(historia), self.pesos1, self.pesos_salida

    def sigmoide(self, v):
        return 1 / (1 + np.exp(-v))

    def derivada(self, v):
        return self.sigmoide(v) * (1 - self.sigmoide(v))

    def iniciar_pesos(self):
        for tabla in (self.pesos1, self.pesos_salida):
            for fila in tabla:
                for j in range(3):
                    fila[j] = -5 + np.random.rand() * 10
