import math
import random


class GateNetwork:
    def __init__(self, inputs, outputs, n_input, n_hidden, n_output):
        self.learning_rate = 0.25
        self.test_num = 0
        self.inputs, self.outputs = inputs, outputs
        self.hidden_layer = [0.0] * n_hidden
        self.output_layer = [0.0] * n_output
        self.input_weights = [[random.uniform(-1, 1) for _ in range(n_hidden)] for _ in range(n_input)]
        self.hidden_weights = [[random.uniform(-1, 1) for _ in range(n_output)] for _ in range(n_hidden)]
        self.input_adjust = [[0.0] * n_hidden for _ in range(n_input)]
        self.hidden_adjust = [[0.0] * n_output for _ in range(n_hidden)]
        self.input_layer = inputs[self.test_num]

    def learn(self, rounds):
        for i in range(rounds):
            self.feed_forward()
            self.back_prop(self.outputs[self.test_num][0])
            if (i + 1) % 200 == 0:
                print("iteration", i + 1, self.output_layer)

    def feed_forward(self):
        for h in range(len(self.hidden_layer)):
            value = 0.0
            for i in range(len(self.input_layer)):
                value += self.input_layer[i] * self.input_weights[i][h]
            self.hidden_layer[h] = self.sigmoid(value)
        for o in range(len(self.output_layer)):
            value = 0.0
            for h in range(len(self.hidden_layer)):
                value += self.hidden_layer[h] * self.hidden_weights[h][o]
            self.output_layer[o] = self.sigmoid(value)

    def back_prop(self, target):
        self.adjust_hidden_weights(target)
        self.adjust_input_weights(target)

    def adjust_input_weights(self, target):
        out = self.output_layer[0]
        for i in range(len(self.input_adjust)):
            for j in range(len(self.input_adjust[0])):
                h = self.hidden_layer[j]
                x = self.input_layer[i]
                self.input_adjust[i][j] = ((out - target) * (out * (1.0 - out)) * h) * (h * (1.0 - h)) * x

        for i in range(len(self.input_weights)):
            for j in range(len(self.input_weights[0])):
                self.input_weights[i][j] -= self.input_adjust[i][j] * self.learning_rate

    def adjust_hidden_weights(self, target):
        out = self.output_layer[0]
        for i in range(len(self.hidden_adjust)):
            h = self.hidden_layer[i]
            self.hidden_adjust[i][0] = (out - target) * (out * (1.0 - out)) * h

        for i in range(len(self.hidden_weights)):
            self.hidden_weights[i][0] -= self.hidden_adjust[i][0] * self.learning_rate

    def sigmoid(self, value):
        return 1.0 / (1.0 + math.exp(-value))

    def error(self, desired, output):
        return 0.5 * (desired - output) ** 2


if __name__ == "__main__":
    gate = GateNetwork([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]], 2, 4, 1)
    gate.learn(1000)
