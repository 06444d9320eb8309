import numpy as np


class NNetwork:
    input_layer_size = 3
    hidden_layer_size = 4
    output_layer_size = 2

    def __init__(self):
        np.random.seed(1)
        self.synapse0 = 2 * np.random.random((self.input_layer_size, self.hidden_layer_size)) - 1
        self.synapse1 = 2 * np.random.random((self.hidden_layer_size, self.output_layer_size)) - 1
        self.hidden_layer = np.zeros(self.hidden_layer_size)
        self.output_layer = np.zeros(self.output_layer_size)
        self.out_neuron_errors = np.zeros(self.output_layer_size)
        self.hidden_neuron_errors = np.zeros(self.hidden_layer_size)

    @staticmethod
    def __weighted_sum(layer, synapse, number):
        total = 0
        for i in range(len(synapse)):
            total += layer[i] * synapse[i][number]
        return total

    @staticmethod
    def __sigmoid(x, is_derivative=False):
        if is_derivative is True:
            return x * (1 - x)
        return 1 / (1 + np.exp(-x))

    def _study(self, in_data, out_data):
        self.recognize(in_data)

        for i in range(self.output_layer_size):
            missed = out_data[i] - self.output_layer[i]
            self.out_neuron_errors[i] = missed * self.__sigmoid(self.output_layer[i], True)

        for i in range(self.hidden_layer_size):
            current_error = 0
            for k in range(self.output_layer_size):
                current_error += self.out_neuron_errors[k] * self.synapse1[i][k]
            self.hidden_neuron_errors[i] = current_error * self.__sigmoid(self.hidden_layer[i], True)

        for i in range(self.output_layer_size):
            for j in range(self.hidden_layer_size):
                self.synapse1[j][i] += self.out_neuron_errors[i] * self.hidden_layer[j]

        for i in range(self.hidden_layer_size):
            for j in range(self.input_layer_size):
                self.synapse0[j][i] += self.hidden_neuron_errors[i] * in_data[j]

    def start_learning(self, patterns, rounds=100):
        for _ in range(rounds):
            for in_data, out_data in patterns:
                self._study(in_data, out_data)

    def recognize(self, data):
        for i in range(self.hidden_layer_size):
            self.hidden_layer[i] = self.__sigmoid(self.__weighted_sum(data, self.synapse0, i))
        for i in range(self.output_layer_size):
            self.output_layer[i] = self.__sigmoid(self.__weighted_sum(self.hidden_layer, self.synapse1, i))
        return self.output_layer
