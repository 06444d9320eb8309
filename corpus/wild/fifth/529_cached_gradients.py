import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_back(da, z):
    return da * sigmoid(z) * (1 - sigmoid(z))


def relu(z):
    return np.maximum(0, z)


def relu_back(da, z):
    dz = np.array(da, copy=True)
    dz[z <= 0] = 0
    return dz


class DeepNet:
    def __init__(self, rate=0.01, epochs=30, activations=[], layers=[]):
        self.rate = rate
        self.layers = layers
        self.depth = len(layers) - 1
        self.activations = activations
        self.epochs = epochs
        self.weights, self.biases = self.draw()
        self.cache = self.empty_cache()
        self.costs = []

    def draw(self):
        np.random.seed(3)
        w = [np.random.randn(after, before) * 0.01 for before, after in zip(self.layers[:-1], self.layers[1:])]
        b = [np.zeros((after, 1)) for after in self.layers[1:]]
        return w, b

    def empty_cache(self):
        c = {}
        for i in range(len(self.weights)):
            c[f'z{i + 1}'] = None
            c[f'a{i + 1}'] = None
            c[f'w{i + 1}'] = self.weights[i]
            c[f'b{i + 1}'] = self.biases[i]
            c[f'da{i + 1}'] = None
            c[f'dw{i + 1}'] = None
            c[f'db{i + 1}'] = None
        return c

    def activate(self, z, activation):
        if activation == 'sigmoid':
            return sigmoid(z)
        elif activation == 'relu':
            return relu(z)

    def forward(self, x):
        a = x
        self.cache['a0'] = a
        for i in range(self.depth):
            w, b = self.cache[f"w{i + 1}"], self.cache[f"b{i + 1}"]
            z = np.dot(w, a) + b
            a = self.activate(z, self.activations[i])
            self.cache[f'z{i + 1}'] = z
            self.cache[f'a{i + 1}'] = a
        return a

    def linear_back(self, dz, kept):
        a_before, w, b = kept
        m = a_before.shape[1]
        dw = np.dot(dz, a_before.T) / m
        db = np.mean(dz, keepdims=True, axis=1)
        return np.dot(w.T, dz), dw, db

    def activation_back(self, da, layer, activation):
        if activation == 'sigmoid':
            dz = sigmoid_back(da, self.cache[f"z{layer}"])
        elif activation == 'relu':
            dz = relu_back(da, self.cache[f"z{layer}"])
        kept = self.cache[f'a{layer - 1}'], self.cache[f'w{layer}'], self.cache[f'b{layer}']
        return self.linear_back(dz, kept)

    def backward(self, a, y):
        y = y.reshape(a.shape)
        da = -(np.divide(y, a) - np.divide((1 - y), (1 - a)))
        self.cache["da" + str(self.depth)] = da
        for layer in range(self.depth, 0, -1):
            da = self.cache[f'da{layer}']
            da_before, dw, db = self.activation_back(da, layer, self.activations[layer - 1])
            self.cache["da" + str(layer - 1)] = da_before
            self.cache["dw" + str(layer)] = dw
            self.cache["db" + str(layer)] = db
        return

    def cost(self, a, y):
        y = y.reshape(a.shape)
        return -np.mean(np.multiply(y, np.log(a)) + np.multiply((1 - y), np.log(1 - a)))

    def fit(self, X, y):
        for epoch in range(self.epochs):
            a = self.forward(X)
            cost = self.cost(a, y)
            self.backward(a, y)
            for layer in range(1, self.depth + 1):
                self.cache[f"w{layer}"] = self.cache[f"w{layer}"] - (self.rate * self.cache[f"dw{layer}"])
                self.cache[f"b{layer}"] = self.cache[f"b{layer}"] - (self.rate * self.cache[f"db{layer}"])
            if epoch % 100 == 0:
                self.costs.append(cost)
        return self

    def predict(self, X):
        return self.forward(X)
