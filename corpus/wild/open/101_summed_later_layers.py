import numpy as np


def softmax(pred):
    e = np.exp(pred - np.max(pred, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy_loss(pred, true):
    probs = np.clip(softmax(pred), 1e-15, 1 - 1e-15)
    loss = -np.sum(true * np.log(probs)) / pred.shape[0]
    return loss, probs - true


class Layer:
    def __init__(self, n_in, n_out, kind):
        self.weights = np.random.RandomState(n_in).uniform(-1, 1, (n_out, n_in))
        self.bias = np.array([0.1 for _ in range(n_out)])
        self.kind = kind

    def forward(self, inputs):
        self.x = inputs
        self.z = (self.x @ self.weights.T) + self.bias
        self.a = np.maximum(self.z, 0) if self.kind == "relu" else self.z
        return self.a

    def backward(self, grad):
        self.grad_z = grad * ((self.z > 0) if self.kind == "relu" else 1)
        self.grad_w = self.grad_z.T @ self.x
        self.grad_b = self.grad_z.copy()
        self.grad_x = self.grad_z @ self.weights
        return self.grad_x

    def update_params(self, learning_rate, batch_size):
        self.weights -= learning_rate * self.grad_w / batch_size
        self.bias -= learning_rate * np.sum(self.grad_b, axis=0) / batch_size


class MLP:
    def __init__(self, shape, kinds):
        self.layers = [Layer(shape[i - 1], shape[i], kinds[i - 1]) for i in range(1, len(shape))]

    def forward(self, inputs):
        for layer in self.layers:
            inputs = layer.forward(inputs)
        return inputs

    def train(self, inputs, labels, learning_rate):
        loss, gradients = cross_entropy_loss(self.forward(inputs), labels)
        for layer in reversed(self.layers):
            gradients = layer.backward(gradients)
        for layer in self.layers:
            layer.update_params(learning_rate, len(inputs))
        print(loss)
