import numpy as np


def sigmoid(x, derivative):
    fx = 1 / (1 + np.exp(-x))
    return fx * (1 - fx) if derivative else fx


def tanh(x, derivative):
    fx = 2 / (1 + np.exp(-2 * x)) - 1
    return 1 - fx**2 if derivative else fx


def softplus(x, derivative):
    return 1 / (1 + np.exp(-x)) if derivative else np.log(1 + np.exp(x))


class SkyNetwork:
    def __init__(self, *nodes):
        self.input_nodes, self.hidden_nodes, self.output_nodes = nodes
        self.epochs = 50000
        self.activation = sigmoid
        self.lr = 0.5
        self.output = 0
        self.synapse0 = np.random.uniform(-1.0, 1.0, (self.input_nodes, self.hidden_nodes))
        self.synapse1 = np.random.uniform(-1.0, 1.0, (self.hidden_nodes, self.output_nodes))

    def set_epochs(self, n):
        self.epochs = n

    def set_activation(self, func):
        self.activation = {"tanh": tanh, "softplus": softplus}.get(func, sigmoid)

    def train(self, values, target):
        for i in range(self.epochs):
            hidden_layer = self.activation(values @ self.synapse0, False)
            output_layer = self.activation(hidden_layer @ self.synapse1, False)

            output_error = target - output_layer
            output_delta = output_error * self.activation(output_layer, True)
            hidden_error = output_delta @ self.synapse1.T
            hidden_delta = hidden_error * self.activation(hidden_layer, True)

            self.synapse1 = self.synapse1 + hidden_layer.T @ (output_delta * self.lr)
            self.synapse0 = self.synapse0 + values.T @ (hidden_delta * self.lr)
            self.output = output_layer

            if i % 10000 == 0:
                print(f"Error: {np.mean(np.abs(output_error))}")

    def predict(self, values):
        return self.activation(self.activation(values @ self.synapse0, False) @ self.synapse1, False)


if __name__ == "__main__":
    sky = SkyNetwork(2, 4, 1)
    sky.set_epochs(20000)
    sky.train(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]]))
    print(sky.output)
