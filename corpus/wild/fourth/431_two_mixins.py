import numpy as np


def sigmoid(x):
    return 1 / (1 + (np.exp(-x)))


class ForwardProp:
    def forward_prop(self, inp):
        z_inp = []
        for i in range(len(self.input_weights)):
            z_inp.append(np.dot(self.input_weights[i], inp))
        z_inp = np.array(z_inp) + self.hidden_bias[0]
        current_a = sigmoid(z_inp)
        int_z = [z_inp]

        for i in range(len(self.hidden_weights)):
            weight = self.hidden_weights[i]
            current_z = []
            for j in range(len(weight)):
                current_z.append(np.dot(weight[j], current_a))
            current_z = np.array(current_z) + self.hidden_bias[i + 1]
            current_a = sigmoid(current_z)
            int_z.append(current_z)

        output_z = []
        for i in range(len(self.output_weights)):
            output_z.append(np.dot(self.output_weights[i], current_a))
        output_z = np.array(output_z) + self.output_bias[0]
        self.intermediary_z = np.array(int_z)
        return sigmoid(output_z)


class BackProp:
    def sigmoid_derivative(self, x):
        x = np.array(x)
        return x * (1 - x)

    def back_prop(self, input_, output, target, learning_rate=0.01):
        intermediary_a = sigmoid(self.intermediary_z)
        final_error = output - target
        final_aux = np.multiply(self.sigmoid_derivative(output), final_error)

        current_aux = np.multiply(np.matmul(self.output_weights.T, final_aux), self.sigmoid_derivative(intermediary_a[-1]))
        intermediary_aux = [current_aux]
        for i in range(len(self.hidden_weights)):
            slope = self.sigmoid_derivative(intermediary_a[-i - 2])
            current_aux = np.multiply(np.matmul(self.hidden_weights[i].T, current_aux), slope)
            intermediary_aux = [current_aux] + intermediary_aux

        self.output_weights -= learning_rate * np.outer(final_aux, intermediary_a[-1])
        self.output_bias -= learning_rate * final_aux
        for i in range(len(self.hidden_weights)):
            self.hidden_weights[-i - 1] -= learning_rate * np.outer(intermediary_aux[-i - 1], intermediary_a[-i - 2])
            self.hidden_bias[-i - 1] -= learning_rate * intermediary_aux[-i - 1]
        self.input_weights -= learning_rate * np.outer(intermediary_aux[0], input_)


class NeuralNetwork(BackProp, ForwardProp):
    def __init__(self):
        self.input_weights = None
        self.hidden_weights = None
        self.output_weights = None
        self.hidden_bias = None
        self.output_bias = None
        self.intermediary_z = None

    def init_params(self, no_of_neurons, no_of_layers, no_of_input, no_of_output):
        rng = np.random.RandomState(0)
        self.input_weights = rng.randn(no_of_neurons, no_of_input)
        self.hidden_weights = rng.randn(no_of_layers - 1, no_of_neurons, no_of_neurons)
        self.output_weights = rng.randn(no_of_output, no_of_neurons)
        self.hidden_bias = rng.randn(no_of_layers, no_of_neurons)
        self.output_bias = rng.randn(no_of_output)


nn = NeuralNetwork()
nn.init_params(4, 2, 3, 1)
