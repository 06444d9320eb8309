import random

import numpy as np


class Sigmoid:
    def derivative(self, net_input):
        return self(net_input) * (1 - self(net_input))

    def __call__(self, net_input):
        return 1 / (1 + np.exp(-net_input))


class SquaredError:
    def derivative(self, target, actual):
        return actual - target

    def __call__(self, target, actual):
        return 0.5 * np.sum((target - actual) ** 2)


class DenseLayer:
    def __init__(self, neuron_count):
        self.neuron_count = neuron_count
        self.activation_func = Sigmoid()
        self.prev_layer = None
        self.next_layer = None
        self.weights = None
        self.biases = None

    def initialize_parameters(self):
        rng = np.random.RandomState(self.neuron_count)
        self.weights = rng.standard_normal((self.neuron_count, self.prev_layer.neuron_count))
        self.biases = rng.standard_normal((self.neuron_count, 1))

    def feed_forward_layer(self, input_activations):
        if self.prev_layer is None:
            self.activation_vec = input_activations  # die Eingabe
        else:
            self.layer_inputs = np.dot(self.weights, input_activations) + self.biases
            self.activation_vec = self.activation_func(self.layer_inputs)
        return self.activation_vec

    def compute_cost_gradients(self, label_vec, cost_func):
        slope = self.activation_func.derivative(self.layer_inputs)
        gradients = cost_func.derivative(self.activation_vec, label_vec) * slope
        self._update_layer_gradients(gradients)
        return gradients

    def feed_backwards(self, prev_gradients):
        slope = self.activation_func.derivative(self.layer_inputs)
        gradients = np.dot(self.next_layer.weights.transpose(), prev_gradients) * slope
        self._update_layer_gradients(gradients)
        return gradients

    def _update_layer_gradients(self, input_gradients):
        self.bias_gradients = input_gradients
        self.weight_gradients = np.dot(input_gradients, self.prev_layer.activation_vec.transpose())


class ScratchNet:
    def __init__(self, layers):
        self.learning_rate = 0.5
        self.cost_func = SquaredError()
        self.layers = layers
        for before, after in zip(layers, layers[1:]):
            before.next_layer = after
            after.prev_layer = before
            after.initialize_parameters()

    def _feed_forward(self, sample):
        for layer in self.layers:
            sample = layer.feed_forward_layer(sample)
        return sample

    def _calculate_loss(self, input_samples):
        total = 0.0
        for image, label in input_samples:
            total += self.cost_func(label, self._feed_forward(image))
        return total / len(input_samples)

    def _backpropagate(self, sample):
        image, label = sample
        self._feed_forward(image)
        gradients = self.layers[-1].compute_cost_gradients(label, self.cost_func)
        for layer in reversed(self.layers[1:-1]):
            gradients = layer.feed_backwards(gradients)

    def _update_parameters(self, input_samples):
        learning = self.layers[1:]
        weight_sums = [np.zeros(layer.weights.shape) for layer in learning]
        bias_sums = [np.zeros(layer.biases.shape) for layer in learning]
        for sample in input_samples:
            self._backpropagate(sample)
            weight_sums = [s + layer.weight_gradients for s, layer in zip(weight_sums, learning)]
            bias_sums = [s + layer.bias_gradients for s, layer in zip(bias_sums, learning)]
        for layer, w, b in zip(learning, weight_sums, bias_sums):
            layer.weights += self.learning_rate * w / len(input_samples)
            layer.biases += self.learning_rate * b / len(input_samples)

    def fit(self, train_images, train_labels, epochs=1, batch_size=1):
        data = list(zip(train_images, train_labels))
        for _ in range(epochs):
            random.shuffle(data)
            for t in range(0, len(data), batch_size):
                self._update_parameters(data[t : t + batch_size])


netz = ScratchNet([DenseLayer(2), DenseLayer(3), DenseLayer(2)])
