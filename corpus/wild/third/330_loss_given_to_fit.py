import numpy as np


class Dense:
    def __init__(self, input_size, output_size):
        self.weights = np.random.RandomState(output_size).standard_normal((input_size, output_size)) * 0.5
        self.bias = np.zeros((1, output_size))

    def forward(self, input):
        self.input = input
        return np.dot(input, self.weights) + self.bias

    def backward(self, output_gradient, learning_rate):
        weights_gradient = np.dot(self.input.T, output_gradient)
        input_gradient = np.dot(output_gradient, self.weights.T)
        self.weights -= learning_rate * weights_gradient
        self.bias -= learning_rate * np.sum(output_gradient, axis=0, keepdims=True)
        return input_gradient


class Activation:
    def __init__(self, activation, activation_prime):
        self.activation = activation
        self.activation_prime = activation_prime

    def forward(self, input):
        self.input = input
        return self.activation(input)

    def backward(self, output_gradient, learning_rate):
        return np.multiply(output_gradient, self.activation_prime(self.input))


class ReLU(Activation):
    def __init__(self):
        super().__init__(lambda x: np.maximum(0, x), lambda x: np.where(x > 0, 1, 0))


class Sigmoid(Activation):
    def __init__(self):
        def sigmoid(x):
            return 1 / (1 + np.exp(-x))

        super().__init__(sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)))


class MSE_Loss:
    """Класс реализации MSE"""

    def get_loss(self, y_pred, y_true):
        return np.mean((y_pred - y_true) ** 2)

    def get_grad(self, y_pred, y_true):
        return 2 * (y_pred - y_true) / y_pred.size


class FCNN:
    def __init__(self, layers=None):
        self.layers = layers if layers is not None else []

    def add(self, layer):
        self.layers.append(layer)

    def forward(self, input):
        for layer in self.layers:
            input = layer.forward(input)
        return input

    def backward(self, output_gradient, learning_rate):
        for layer in reversed(self.layers):
            output_gradient = layer.backward(output_gradient, learning_rate)

    def fit(self, X, y, epochs, batch_size, learning_rate, loss_fn):
        n_batches = X.shape[0] // batch_size
        for epoch in range(epochs):
            epoch_loss = 0
            for i in range(n_batches):
                chosen = slice(i * batch_size, (i + 1) * batch_size)
                output = self.forward(X[chosen])
                epoch_loss += loss_fn.get_loss(output, y[chosen])
                self.backward(loss_fn.get_grad(output, y[chosen]), learning_rate)
            if epoch % 10 == 0:
                print("Epoch", epoch, "loss", epoch_loss / n_batches)


model = FCNN()
model.add(Dense(2, 4))
model.add(ReLU())
model.add(Dense(4, 1))
model.add(Sigmoid())
loss_fn = MSE_Loss()
