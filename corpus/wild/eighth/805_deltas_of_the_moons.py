import numpy as np


class MoonLayer:
    """全连接层"""

    def __init__(self, n_input, n_neurons, activation=None, weights=None, bias=None):
        self.weights = weights if weights is not None else np.random.randn(n_input, n_neurons) / np.sqrt(n_neurons)
        self.bias = bias if bias is not None else np.random.rand(n_neurons) * 0.1
        self.activation = activation
        self.last = None  # 输出值 o
        self.error = None
        self.delta = None

    def activate(self, x):
        r = np.dot(x, self.weights) + self.bias
        self.last = self._apply(r)
        return self.last

    def _apply(self, r):
        if self.activation == "relu":
            return np.maximum(r, 0)
        if self.activation == "tanh":
            return np.tanh(r)
        if self.activation == "sigmoid":
            return 1 / (1 + np.exp(-r))
        return r

    def derivative(self, r):
        if self.activation == "relu":
            return (r > 0).astype(float)
        if self.activation == "tanh":
            return 1 - r**2
        if self.activation == "sigmoid":
            return r * (1 - r)
        return np.ones_like(r)


class MoonNetwork:
    def __init__(self):
        self._layers = []

    def add_layer(self, layer):
        self._layers.append(layer)

    def feed_forward(self, x):
        for layer in self._layers:
            x = layer.activate(x)
        return x

    def backpropagation(self, x, y, learning_rate):
        output = self.feed_forward(x)
        for i in reversed(range(len(self._layers))):
            layer = self._layers[i]
            if layer == self._layers[-1]:  # 输出层
                layer.error = y - output
                layer.delta = layer.error * layer.derivative(output)
            else:  # 隐藏层
                behind = self._layers[i + 1]
                layer.error = np.dot(behind.weights, behind.delta)
                layer.delta = layer.error * layer.derivative(layer.last)

        # 更新权值
        for i in range(len(self._layers)):
            layer = self._layers[i]
            o_i = np.atleast_2d(x if i == 0 else self._layers[i - 1].last)
            layer.weights += layer.delta * o_i.T * learning_rate

    def train(self, xs, labels, learning_rate, epochs):
        onehot = np.eye(2)[labels]
        for turn in range(epochs):
            for j in range(len(xs)):
                self.backpropagation(xs[j], onehot[j], learning_rate)
            if turn % 10 == 0:
                print("MSE", np.mean(np.square(onehot - self.feed_forward(xs))))


if __name__ == "__main__":
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 2, 60)
    net = MoonNetwork()
    net.add_layer(MoonLayer(2, 8, "sigmoid"))
    net.add_layer(MoonLayer(8, 2, "sigmoid"))
    net.train(rng.normal(size=(60, 2)) + labels[:, None], labels, 0.05, 30)
