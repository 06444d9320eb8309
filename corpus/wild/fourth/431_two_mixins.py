import numpy as np


def sigmoid(x):
    return 1 / (1 + (np.exp(-x)))


class ForwardProp:
    def forward_prop(self, given):
        z_inp = []
        for i in range(len(self.input_weights)):
            z_inp.append(np.dot(self.input_weights[i], given))
        z_inp = np.array(z_inp) + self.hidden_bias[0]
        a = sigmoid(z_inp)
        zs = [z_inp]

        for i in range(len(self.hidden_weights)):
            weight = self.hidden_weights[i]
            z = []
            for j in range(len(weight)):
                z.append(np.dot(weight[j], a))
            z = np.array(z) + self.hidden_bias[i + 1]
            a = sigmoid(z)
            zs.append(z)

        output_z = []
        for i in range(len(self.output_weights)):
            output_z.append(np.dot(self.output_weights[i], a))
        output_z = np.array(output_z) + self.output_bias[0]
        self.kept_z = np.array(zs)
        return sigmoid(output_z)


class BackProp:
    def sigmoid_slope(self, x):
        x = np.array(x)
        return x * (1 - x)

    def back_prop(self, input_, output, target, learning_rate=0.01):
        kept_a = sigmoid(self.kept_z)
        missed = output - target
        last_aux = np.multiply(self.sigmoid_slope(output), missed)

        aux = np.multiply(np.matmul(self.output_weights.T, last_aux), self.sigmoid_slope(kept_a[-1]))
        all_aux = [aux]
        for i in range(len(self.hidden_weights)):
            slope = self.sigmoid_slope(kept_a[-i - 2])
            aux = np.multiply(np.matmul(self.hidden_weights[i].T, aux), slope)
            all_aux = [aux] + all_aux

        self.output_weights -= learning_rate * np.outer(last_aux, kept_a[-1])
        self.output_bias -= learning_rate * last_aux
        for i in range(len(self.hidden_weights)):
            self.hidden_weights[-i - 1] -= learning_rate * np.outer(all_aux[-i - 1], kept_a[-i - 2])
            self.hidden_bias[-i - 1] -= learning_rate * all_aux[-i - 1]
        self.input_weights -= learning_rate * np.outer(all_aux[0], input_)


class NeuralNetwork(BackProp, ForwardProp):
    def __init__(self):
        self.input_weights = None
        self.hidden_weights = None
        self.output_weights = None
        self.hidden_bias = None
        self.output_bias = None
        self.kept_z = None

    def init_params(self, n_neurons, n_layers, n_input, n_output):
        rng = np.random.RandomState(0)
        self.input_weights = rng.randn(n_neurons, n_input)
        self.hidden_weights = rng.randn(n_layers - 1, n_neurons, n_neurons)
        self.output_weights = rng.randn(n_output, n_neurons)
        self.hidden_bias = rng.randn(n_layers, n_neurons)
        self.output_bias = rng.randn(n_output)


nn = NeuralNetwork()
nn.init_params(4, 2, 3, 1)
