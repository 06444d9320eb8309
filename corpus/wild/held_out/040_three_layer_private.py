from numpy import dot, exp, random


class NeuralNetwork:
    def __init__(self):
        random.seed(1)
        self.synapses1 = 2 * random.random((3, 4)) - 1
        self.synapses2 = 2 * random.random((4, 5)) - 1
        self.synapses3 = 2 * random.random((5, 1)) - 1

    def __squash(self, z):
        return 1 / (1 + exp(-z))

    def __slope(self, a):
        return a * (1 - a)

    def train(self, inputs, outputs, rounds):
        for _ in range(rounds):
            a2 = self.__squash(dot(inputs, self.synapses1))
            a3 = self.__squash(dot(a2, self.synapses2))
            output = self.__squash(dot(a3, self.synapses3))
            d4 = outputs - output
            d3 = dot(self.synapses3, d4.T) * self.__slope(a3).T
            d2 = dot(self.synapses2, d3) * self.__slope(a2).T
            change3 = dot(a3.T, d4)
            change2 = dot(a2.T, d3.T)
            change1 = dot(inputs.T, d2.T)
            self.synapses1 += change1
            self.synapses2 += change2
            self.synapses3 += change3

    def forward_pass(self, inputs):
        a2 = self.__squash(dot(inputs, self.synapses1))
        a3 = self.__squash(dot(a2, self.synapses2))
        return self.__squash(dot(a3, self.synapses3))
