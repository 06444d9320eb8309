import numpy as np


class NNetwork:
    input_layer_size = 3
    hidden_layer_size = 4
    output_layer_size = 2

    def __init__(self):
        np.random.seed(1)
        self.syn_in = 2 * np.random.random((self.input_layer_size, self.hidden_layer_size)) - 1
        self.syn_out = 2 * np.random.random((self.hidden_layer_size, self.output_layer_size)) - 1
        self.hidden = np.zeros(self.hidden_layer_size)
        self.outputs = np.zeros(self.output_layer_size)
        self.out_errors = np.zeros(self.output_layer_size)
        self.hidden_errors = np.zeros(self.hidden_layer_size)

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

    def _learn(self, given, wanted):
        self.answer(given)

        for i in range(self.output_layer_size):
            missed = wanted[i] - self.outputs[i]
            self.out_errors[i] = missed * self.__sigmoid(self.outputs[i], True)

        for i in range(self.hidden_layer_size):
            gathered = 0
            for k in range(self.output_layer_size):
                gathered += self.out_errors[k] * self.syn_out[i][k]
            self.hidden_errors[i] = gathered * self.__sigmoid(self.hidden[i], True)

        for i in range(self.output_layer_size):
            for j in range(self.hidden_layer_size):
                self.syn_out[j][i] += self.out_errors[i] * self.hidden[j]

        for i in range(self.hidden_layer_size):
            for j in range(self.input_layer_size):
                self.syn_in[j][i] += self.hidden_errors[i] * given[j]

    def learn_all(self, patterns, rounds=100):
        for _ in range(rounds):
            for given, wanted in patterns:
                self._learn(given, wanted)

    def answer(self, data):
        for i in range(self.hidden_layer_size):
            self.hidden[i] = self.__sigmoid(self.__weighted_sum(data, self.syn_in, i))
        for i in range(self.output_layer_size):
            self.outputs[i] = self.__sigmoid(self.__weighted_sum(self.hidden, self.syn_out, i))
        return self.outputs
