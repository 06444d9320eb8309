from numpy import array, dot, exp, random


class NeuronRow():
    def __init__(self, n_neurons, n_inputs):
        self.synapses = 2 * random.random((n_inputs, n_neurons)) - 1


class TwoSynapses():
    def __init__(self, first, second):
        self.first = first
        self.second = second

    def __squash(self, x):
        return 1 / (1 + exp(-x))

    def __squash_slope(self, x):
        return x * (1 - x)

    def train(self, inputs, outputs, n):
        for i in range(n):
            out_first, out_second = self.think(inputs)

            error_second = outputs - out_second
            delta_second = error_second * self.__squash_slope(out_second)

            error_first = delta_second.dot(self.second.synapses.T)
            delta_first = error_first * self.__squash_slope(out_first)

            change_first = inputs.T.dot(delta_first)
            change_second = out_first.T.dot(delta_second)

            self.first.synapses += change_first
            self.second.synapses += change_second

    def think(self, inputs):
        out_first = self.__squash(dot(inputs, self.first.synapses))
        out_second = self.__squash(dot(out_first, self.second.synapses))
        return out_first, out_second


if __name__ == "__main__":
    random.seed(1)
    net = TwoSynapses(NeuronRow(4, 3), NeuronRow(1, 4))
    inputs = array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 1], [0, 0, 0]])
    outputs = array([[0, 1, 1, 1, 1, 0, 0]]).T
    net.train(inputs, outputs, 1000)
    print(net.think(array([1, 1, 0]))[1])
