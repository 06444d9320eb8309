import numpy as np


class Layer:
    def __init__(self, n_nodes, n_next):
        self.n_nodes = n_nodes
        self.activations = np.zeros([n_nodes, 1])
        self.weights_for_layer = None
        self.bias_for_layer = None
        if n_next != 0:
            rng = np.random.RandomState(n_nodes)
            self.weights_for_layer = rng.normal(0, 0.5, size=(n_nodes, n_next))
            self.bias_for_layer = rng.normal(0, 0.5, size=(1, n_next))


class NeuralNetwork:
    def __init__(self, num_nodes, learning_rate=0.1):
        self.num_layers = len(num_nodes)
        self.learning_rate = learning_rate
        self.layers = [Layer(n, after) for n, after in zip(num_nodes, num_nodes[1:] + [0])]
        self.error = 0

    def sigmoid(self, z):
        return np.divide(1, np.add(1, np.exp(z)))

    def forward_pass(self, inputs):
        self.layers[0].activations = inputs
        for i in range(self.num_layers - 1):
            here = self.layers[i]
            z = np.add(np.matmul(here.activations, here.weights_for_layer), here.bias_for_layer)
            self.layers[i + 1].activations = self.sigmoid(z)

    def calculate_error(self, labels):
        out = self.layers[-1].activations
        self.error += np.mean(np.divide(np.square(np.subtract(labels, out)), 2))

    def back_pass(self, labels):
        i = self.num_layers - 1
        y = self.layers[i].activations
        delta_b = y * (1 - y) * (labels - y)
        delta_w = np.matmul(self.layers[i - 1].activations.T, delta_b)
        new_weights = self.layers[i - 1].weights_for_layer - self.learning_rate * delta_w
        new_bias = self.layers[i - 1].bias_for_layer - self.learning_rate * delta_b
        for i in range(i - 1, 0, -1):
            y = self.layers[i].activations
            shared = np.sum(np.multiply(new_weights, self.layers[i].weights_for_layer), axis=1).T
            delta_b = y * (1 - y) * np.sum(np.multiply(new_bias, self.layers[i].bias_for_layer)).T
            delta_w = np.matmul(self.layers[i - 1].activations.T, y * (1 - y) * shared)
            self.layers[i].weights_for_layer = new_weights
            self.layers[i].bias_for_layer = new_bias
            new_weights = self.layers[i - 1].weights_for_layer - self.learning_rate * delta_w
            new_bias = self.layers[i - 1].bias_for_layer - self.learning_rate * delta_b
        self.layers[0].weights_for_layer = new_weights
        self.layers[0].bias_for_layer = new_bias

    def train(self, batch_size, inputs, labels, num_epochs):
        for j in range(num_epochs):
            i = 0
            while i + batch_size != len(inputs):
                self.error = 0
                self.forward_pass(inputs[i : i + batch_size])
                self.calculate_error(labels[i : i + batch_size])
                self.back_pass(labels[i : i + batch_size])
                i += batch_size
            print("Epoch", j, "error", self.error / batch_size)
