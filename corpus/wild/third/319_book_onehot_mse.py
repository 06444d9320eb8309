import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def int_to_onehot(y, num_labels):
    table = np.zeros((y.shape[0], num_labels))
    for i, val in enumerate(y):
        table[i, val] = 1
    return table


class NeuralNetMLP:
    def __init__(self, num_features, num_hidden, num_classes, random_seed=123):
        self.num_classes = num_classes
        rng = np.random.RandomState(random_seed)
        self.weight_h = rng.normal(loc=0.0, scale=0.1, size=(num_hidden, num_features))
        self.bias_h = np.zeros(num_hidden)
        self.weight_out = rng.normal(loc=0.0, scale=0.1, size=(num_classes, num_hidden))
        self.bias_out = np.zeros(num_classes)

    def forward(self, x):
        a_h = sigmoid(np.dot(x, self.weight_h.T) + self.bias_h)
        a_out = sigmoid(np.dot(a_h, self.weight_out.T) + self.bias_out)
        return a_h, a_out

    def backward(self, x, a_h, a_out, y):
        y_onehot = int_to_onehot(y, self.num_classes)

        # the output layer
        d_loss__d_a_out = 2.0 * (a_out - y_onehot) / y.shape[0]
        delta_out = d_loss__d_a_out * (a_out * (1.0 - a_out))
        d_loss__dw_out = np.dot(delta_out.T, a_h)
        d_loss__db_out = np.sum(delta_out, axis=0)

        # the hidden layer
        d_loss__a_h = np.dot(delta_out, self.weight_out)
        delta_h = d_loss__a_h * (a_h * (1.0 - a_h))
        d_loss__dw_h = np.dot(delta_h.T, x)
        d_loss__db_h = np.sum(delta_h, axis=0)
        return d_loss__dw_out, d_loss__db_out, d_loss__dw_h, d_loss__db_h


def mse_loss(targets, probas, num_labels=3):
    return np.mean((int_to_onehot(targets, num_labels) - probas) ** 2)


def train(model, X, y, num_epochs, learning_rate=0.1):
    for _ in range(num_epochs):
        dw_out, db_out, dw_h, db_h = model.backward(X, *model.forward(X), y)
        model.weight_h -= learning_rate * dw_h
        model.bias_h -= learning_rate * db_h
        model.weight_out -= learning_rate * dw_out
        model.bias_out -= learning_rate * db_out
