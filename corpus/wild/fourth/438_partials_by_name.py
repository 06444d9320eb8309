import math
import random


class NeuralNetwork:
    LEARNING_RATE = 0.5

    def __init__(self, num_inputs, num_hidden, num_outputs, hidden_layer_weights=None, hidden_layer_bias=None,
                 output_layer_weights=None, output_layer_bias=None):
        self.num_inputs = num_inputs
        self.hidden_layer = NeuronLayer(num_hidden, hidden_layer_bias)
        self.output_layer = NeuronLayer(num_outputs, output_layer_bias)
        self.init_weights(self.hidden_layer, num_inputs, hidden_layer_weights)
        self.init_weights(self.output_layer, num_hidden, output_layer_weights)

    def init_weights(self, layer, n_from, weights):
        weight_num = 0
        for neuron in layer.neurons:
            for i in range(n_from):
                neuron.weights.append(weights[weight_num] if weights else random.random())
                weight_num += 1

    def feed_forward(self, inputs):
        return self.output_layer.feed_forward(self.hidden_layer.feed_forward(inputs))

    def train(self, inputs_given, outputs_wanted):
        self.feed_forward(inputs_given)

        pd_error_by_output_nets = [0] * len(self.output_layer.neurons)
        for o in range(len(self.output_layer.neurons)):
            pd_error_by_output_nets[o] = self.output_layer.neurons[o].find_pd_error_by_net(outputs_wanted[o])

        pd_error_by_hidden_nets = [0] * len(self.hidden_layer.neurons)
        for h in range(len(self.hidden_layer.neurons)):
            pd_error_by_hidden_output = 0
            for o in range(len(self.output_layer.neurons)):
                pd_error_by_hidden_output += pd_error_by_output_nets[o] * self.output_layer.neurons[o].weights[h]
            slope = self.hidden_layer.neurons[h].find_pd_output_by_net()
            pd_error_by_hidden_nets[h] = pd_error_by_hidden_output * slope

        for layer, pd_errors in (
            (self.output_layer, pd_error_by_output_nets),
            (self.hidden_layer, pd_error_by_hidden_nets),
        ):
            for n, neuron in enumerate(layer.neurons):
                for w in range(len(neuron.weights)):
                    pd_error_by_weight = pd_errors[n] * neuron.find_pd_net_by_weight(w)
                    neuron.weights[w] -= self.LEARNING_RATE * pd_error_by_weight

    def find_total_error(self, training_sets):
        total_error = 0
        for inputs_given, outputs_wanted in training_sets:
            self.feed_forward(inputs_given)
            for o in range(len(outputs_wanted)):
                total_error += self.output_layer.neurons[o].find_error(outputs_wanted[o])
        return total_error


class NeuronLayer:
    def __init__(self, num_neurons, bias):
        self.bias = bias if bias else random.random()
        self.neurons = [Neuron(self.bias) for _ in range(num_neurons)]

    def feed_forward(self, inputs):
        return [neuron.find_output(inputs) for neuron in self.neurons]


class Neuron:
    def __init__(self, bias):
        self.bias = bias
        self.weights = []

    def find_output(self, inputs):
        self.inputs = inputs
        self.output = self.squash(self.find_net())
        return self.output

    def find_net(self):
        total = 0
        for i in range(len(self.inputs)):
            total += self.inputs[i] * self.weights[i]
        return total + self.bias

    def squash(self, net):
        return 1 / (1 + math.exp(-net))

    def find_pd_error_by_net(self, wanted):
        return self.find_pd_error_by_output(wanted) * self.find_pd_output_by_net()

    def find_error(self, wanted):
        return 0.5 * (wanted - self.output) ** 2

    def find_pd_error_by_output(self, wanted):
        return -(wanted - self.output)

    def find_pd_output_by_net(self):
        return self.output * (1 - self.output)

    def find_pd_net_by_weight(self, index):
        return self.inputs[index]
