import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_derivative(a):
    return a * (1 - a)


def crear_lotes(X, y, tam):
    orden = np.random.permutation(len(X))
    partes = int(np.ceil(len(X) / tam))
    yield from zip(np.array_split(X[orden], partes), np.array_split(y[orden], partes))


class MLP_TODO:
    def __init__(self, num_entradas, num_ocultas, num_salidas, epochs, batch_size=128, learning_rate=0.2):
        rng = np.random.RandomState(33)
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.W1 = rng.standard_normal((num_entradas, num_ocultas)) * np.sqrt(1 / num_entradas)
        self.b1 = np.zeros((1, num_ocultas))
        self.W2 = rng.standard_normal((num_ocultas, num_salidas)) * np.sqrt(1 / num_ocultas)
        self.b2 = np.zeros((1, num_salidas))

    def forward(self, X):
        self.X = X
        self.z_c1 = X @ self.W1 + self.b1
        self.a_c1 = sigmoid(self.z_c1)
        self.z_c2 = self.a_c1 @ self.W2 + self.b2
        return sigmoid(self.z_c2)

    def loss_function_MSE(self, y_pred, y):
        self.y_pred = y_pred
        self.y = y
        return 0.5 * np.mean((y_pred - y) ** 2)

    def backward(self):
        # delta de la capa de salida
        delta_c2 = (self.y_pred - self.y) * sigmoid_derivative(self.y_pred)
        # delta de la capa oculta
        delta_c1 = delta_c2 @ self.W2.T * sigmoid_derivative(self.a_c1)
        self.dE_dW2 = self.a_c1.T @ delta_c2
        self.dE_db2 = np.sum(delta_c2, axis=0, keepdims=True)
        self.dE_dW1 = self.X.T @ delta_c1
        self.dE_db1 = np.sum(delta_c1, axis=0, keepdims=True)

    def update(self):
        self.W2 = self.W2 - self.dE_dW2 * self.learning_rate
        self.b2 = self.b2 - self.dE_db2 * self.learning_rate
        self.W1 = self.W1 - self.dE_dW1 * self.learning_rate
        self.b1 = self.b1 - self.dE_db1 * self.learning_rate

    def train(self, X, Y):
        for epoch in range(self.epochs):
            for X_lote, y_lote in crear_lotes(X, Y, self.batch_size):
                error = self.loss_function_MSE(self.forward(X_lote), y_lote)
                self.backward()
                self.update()
            if epoch % 100 == 0:
                print("Época", epoch, "error", error)
