import numpy as np


def relu(x):
    return np.maximum(x, 0)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_derivative(x):
    return np.multiply(sigmoid(x), 1 - sigmoid(x))


class ConnectedLayer:
    def __init__(self, input_size, output_size, activation):
        self.activation = activation
        self.bias = np.zeros((output_size, 1))
        self.W = np.random.randn(output_size, input_size) * np.sqrt(2 / input_size)

    def forward(self, value):
        out = self.W.dot(value) + self.bias
        return out, self.activation(out)

    def backprop(self, error, previous_a):
        return previous_a.dot(error.T)


class NudgedNet:
    def __init__(self):
        self.layers = []

    def add_layer(self, layer):
        self.layers.append(layer)

    def forward(self, value):
        Z = []
        for layer in self.layers:
            out, value = layer.forward(value)
            Z.append(out)  # kept for the gradient
        return value, Z

    def fit(self, inputs, outputs, lr, epochs, batch_size=None):
        size = batch_size or len(inputs)
        for turn in range(epochs):
            for start in range(0, len(inputs) - size + 1, size):
                for j in range(size):
                    w, b, err = self.backprop(inputs[start + j], outputs[start + j])
                    if j == 0:
                        grad_w, grad_b, mse = w, b, err
                    else:
                        # we average the nudges
                        for k in range(len(grad_w)):
                            grad_w[k] = np.true_divide(grad_w[k] + w[k], 2)
                            grad_b[k] = np.true_divide(grad_b[k] + b[k], 2)
                        mse = (mse + err) / 2
                for layer, w, b in zip(self.layers, grad_w, grad_b):
                    layer.W = layer.W - w.T * lr
                    layer.bias = layer.bias - b * lr
            print("MSE:", mse)

    def backprop(self, value, target):
        w_grad, b_grad = [], []
        y_pred, Z = self.forward(value)
        squared_error = np.mean((y_pred - target) ** 2)

        curr_err = np.multiply(y_pred - target, sigmoid_derivative(Z[-1]))
        for i in reversed(range(len(self.layers))):
            previous_a = value if i == 0 else self.layers[i - 1].activation(Z[i - 1])
            w_grad.append(self.layers[i].backprop(curr_err, previous_a))
            b_grad.append(curr_err)
            # the error of the layer before
            curr_err = np.multiply(self.layers[i].W.T.dot(curr_err), previous_a)

        return w_grad[::-1], b_grad[::-1], squared_error


if __name__ == "__main__":
    net = NudgedNet()
    net.add_layer(ConnectedLayer(2, 3, relu))
    net.add_layer(ConnectedLayer(3, 1, sigmoid))
    xs = [np.array([[a], [b]]) for a in (0, 1) for b in (0, 1)]
    net.fit(xs, [np.array([[x.sum() % 2]]) for x in xs], 0.5, 50)
