import numpy as np


class Act:
    @staticmethod
    def tanh(Z):
        return np.tanh(Z)

    @staticmethod
    def tanh_slope(Z):
        return 1 - np.tanh(Z) ** 2

    @staticmethod
    def sigmoid(Z):
        return 1 / (1 + np.exp(-Z))

    @staticmethod
    def sigmoid_slope(Z):
        s = Act.sigmoid(Z)
        return s * (1 - s)

    @staticmethod
    def softmax(Z):
        e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
        return e / np.sum(e, axis=0, keepdims=True)


class NeuralNetwork:
    def __init__(self, layer_sizes, learning_rate, activation_function, epochs, batch_size):
        self.layer_sizes = layer_sizes
        self.N = len(layer_sizes)
        self.lr = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        known = {
            "sigmoid": (Act.sigmoid, Act.sigmoid_slope),
            "tanh": (Act.tanh, Act.tanh_slope),
        }
        self.activation, self.activation_slope = known[activation_function]
        self.parameters = {}
        rng = np.random.RandomState(0)
        for l in range(1, self.N):
            scale = np.sqrt(2.0 / (layer_sizes[l - 1] + layer_sizes[l]))
            self.parameters[f"W{l}"] = rng.normal(0, scale, (layer_sizes[l], layer_sizes[l - 1]))
            self.parameters[f"b{l}"] = np.zeros((layer_sizes[l], 1))
        self.history = []

    def forward(self, X):
        cache = {"A0": X}
        A = X
        for l in range(1, self.N - 1):
            Z = self.parameters[f"W{l}"].dot(A) + self.parameters[f"b{l}"]
            A = self.activation(Z)
            cache[f"Z{l}"] = Z
            cache[f"A{l}"] = A
        Z = self.parameters[f"W{self.N - 1}"].dot(A) + self.parameters[f"b{self.N - 1}"]
        cache[f"Z{self.N - 1}"] = Z
        cache[f"A{self.N - 1}"] = Act.softmax(Z)
        return cache

    def one_hot(self, Y):
        hot = np.zeros((self.layer_sizes[-1], Y.size))
        hot[Y, np.arange(Y.size)] = 1
        return hot

    def backward(self, X, Y, cache):
        m = X.shape[1]
        grads = {}
        dZ = cache[f"A{self.N - 1}"] - self.one_hot(Y)
        grads[f"dW{self.N - 1}"] = 1 / m * dZ.dot(cache[f"A{self.N - 2}"].T)
        grads[f"db{self.N - 1}"] = 1 / m * np.sum(dZ, axis=1, keepdims=True)
        for l in reversed(range(1, self.N - 1)):
            dA = self.parameters[f"W{l + 1}"].T.dot(dZ)
            dZ = dA * self.activation_slope(cache[f"Z{l}"])
            grads[f"dW{l}"] = 1 / m * dZ.dot(cache[f"A{l - 1}"].T)
            grads[f"db{l}"] = 1 / m * np.sum(dZ, axis=1, keepdims=True)
        return grads

    def step(self, grads):
        for l in range(1, self.N):
            self.parameters[f"W{l}"] -= self.lr * grads[f"dW{l}"]
            self.parameters[f"b{l}"] -= self.lr * grads[f"db{l}"]

    def loss_of(self, Y_pred, Y):
        return -np.sum(self.one_hot(Y) * np.log(Y_pred + 1e-8)) / Y.size

    def fit(self, X, Y):
        m = X.shape[1]
        for epoch in range(self.epochs):
            for i in range(0, m, self.batch_size):
                X_part = X[:, i:min(i + self.batch_size, m)]
                Y_part = Y[i:min(i + self.batch_size, m)]
                cache = self.forward(X_part)
                self.step(self.backward(X_part, Y_part, cache))
            cache = self.forward(X)
            self.history.append(self.loss_of(cache[f"A{self.N - 1}"], Y))
            if epoch % 10 == 0:
                print("Epoch", epoch, "train loss", self.history[-1])

    def predict(self, X):
        return np.argmax(self.forward(X)[f"A{self.N - 1}"], axis=0)
