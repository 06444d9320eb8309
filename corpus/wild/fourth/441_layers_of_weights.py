import numpy as np


class NeuralNetwork:
    def __init__(self, input_layer_size, num_hidden_nodes, num_hidden_layers, output_size, lr, activation_function="sigmoid"):
        rng = np.random.RandomState(0)
        self.alpha = lr
        self.activation_function = activation_function
        self.weight_layers = []
        self.weight_layers.append(rng.rand(num_hidden_nodes, input_layer_size))
        for i in range(num_hidden_layers - 1):
            self.weight_layers.append(rng.rand(num_hidden_nodes, num_hidden_nodes))
        self.weight_layers.append(rng.rand(output_size, num_hidden_nodes))

        self.biases = []
        for hl in range(num_hidden_layers + 1):
            self.biases.append(np.zeros(num_hidden_nodes))
        self.biases.append(np.zeros(output_size))

    def activation(self, x):
        if self.activation_function == "sigmoid":
            exp = np.exp(x)
            return exp / (exp + 1)
        elif self.activation_function == "tanh":
            return np.tanh(x)

    def activation_derivative(self, x):
        if self.activation_function == "sigmoid":
            sig = self.activation(x)
            return sig * (1 - sig)
        elif self.activation_function == "tanh":
            return 1 - np.square(np.tanh(x))

    def feed_forward(self, input):
        self.input_layer = input
        self.hidden_layers = []
        self.hidden_layers.append(np.dot(self.weight_layers[0], self.input_layer))
        for hidden_layer in range(1, len(self.weight_layers) - 1):
            before = self.activation(self.hidden_layers[hidden_layer - 1])
            self.hidden_layers.append(np.dot(self.weight_layers[hidden_layer], before) + self.biases[hidden_layer])
        self.output_layer = np.dot(self.weight_layers[-1], self.activation(self.hidden_layers[-1])) + self.biases[-1]
        return self.activation(self.output_layer)

    def back_propogate(self, y):
        out_error = np.multiply((self.activation(self.output_layer) - y), self.activation_derivative(self.output_layer))

        hidden_error = np.zeros([len(self.hidden_layers), len(self.hidden_layers[0])])
        back = np.dot(self.weight_layers[-1].transpose(), out_error)
        hidden_error[-1] = np.multiply(back, self.activation_derivative(self.hidden_layers[-1]))
        for i in range(len(hidden_error) - 1):
            hidden_layer = len(hidden_error) - i - 2
            back = np.dot(self.weight_layers[hidden_layer + 1].transpose(), hidden_error[hidden_layer + 1])
            hidden_error[hidden_layer] = np.multiply(back, self.activation_derivative(self.hidden_layers[hidden_layer]))

        column = np.reshape(hidden_error[0], (len(hidden_error[0]), -1))
        row = np.reshape(self.activation(self.input_layer), (len(self.input_layer), -1)).transpose()
        self.weight_layers[0] -= self.alpha * np.dot(column, row)
        self.biases[0] -= self.alpha * hidden_error[0]

        for layer in range(1, len(self.weight_layers) - 1):
            before = self.activation(self.hidden_layers[layer - 1])
            self.weight_layers[layer] -= self.alpha * np.dot(hidden_error[layer], before.transpose())
            self.biases[layer] -= self.alpha * hidden_error[layer]

        column = np.reshape(out_error, (len(out_error), -1))
        row = np.reshape(self.activation(self.hidden_layers[-1]), (len(self.hidden_layers[-1]), -1)).transpose()
        self.weight_layers[-1] -= self.alpha * np.dot(column, row)
        self.biases[-1] -= self.alpha * out_error

    def train(self, train_data, labels, iterations):
        for iteration in range(iterations):
            for i in range(len(train_data)):
                self.feed_forward(train_data[i])
                self.back_propogate(labels[i])

    def predict(self, input):
        return self.feed_forward(input)

    def loss_function(self, x, y):
        return np.sum(0.5 * (x - y) ** 2) / len(x)
