import math
import random


def transfer_tanh(x):
    return math.tanh(x)


def transfer_tanh_derivative(x):
    return 1.0 - math.tanh(x) * math.tanh(x)


def transfer_logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


def transfer_logistic_derivative(x):
    return math.exp(-x) / (math.exp(-x) + 1.0) ** 2


TRANSFERS = {
    "tanh": (transfer_tanh, transfer_tanh_derivative),
    "logistic": (transfer_logistic, transfer_logistic_derivative),
}


class Link:
    def __init__(self, source, target):
        self.source = source
        self.target = target
        self.weight = random.uniform(-0.5, 0.5)
        self.delta_weight = 0.0


class LinkedNeuron:
    def __init__(self):
        self.output = random.random() - 0.5
        self.gradient = 0.0
        self.back = []
        self.forward = []

    def feed_forward(self, tf):
        total = 0.0
        for link in self.back:
            total += link.source.output * link.weight
        self.output = tf(total)

    def calc_output_gradient(self, target, tf_derivative):
        delta = target - self.output
        self.gradient = delta * tf_derivative(self.output)

    def calc_hidden_gradient(self, tf_derivative):
        dow = sum(link.weight * link.target.gradient for link in self.forward)
        self.gradient = dow * tf_derivative(self.output)

    def update_input_weights(self, eta, alpha):
        for link in self.back:
            new = eta * link.source.output * self.gradient + alpha * link.delta_weight
            link.delta_weight = new
            link.weight += new


class LinkedNet:
    def __init__(self, sizes, transfer="tanh"):
        self.eta, self.alpha = 0.1, 0.1
        self.tf, self.tf_derivative = TRANSFERS[transfer]
        self.layers = [[LinkedNeuron() for _ in range(n)] for n in sizes]
        self.bias = LinkedNeuron()
        self.bias.output = 1.0
        for before, after in zip(self.layers, self.layers[1:]):
            for neuron in after:
                for source in [*before, self.bias]:
                    link = Link(source, neuron)
                    source.forward.append(link)
                    neuron.back.append(link)

    def feed_forward(self, values):
        for neuron, v in zip(self.layers[0], values):
            neuron.output = v
        for layer in self.layers[1:]:
            for neuron in layer:
                neuron.feed_forward(self.tf)

    def back_prop(self, targets):
        for neuron, target in zip(self.layers[-1], targets):
            neuron.calc_output_gradient(target, self.tf_derivative)
        for layer in self.layers[-2:0:-1]:
            for neuron in layer:
                neuron.calc_hidden_gradient(self.tf_derivative)
        for layer in self.layers[:0:-1]:
            for neuron in layer:
                neuron.update_input_weights(self.eta, self.alpha)


if __name__ == "__main__":
    net = LinkedNet([2, 4, 1])
    for turn in range(4000):
        a, b = turn % 2, turn // 2 % 2
        net.feed_forward([a, b])
        net.back_prop([a ^ b])
    print(net.layers[-1][0].output)
