import numpy as np


class ThetaLayer:
    def __init__(self, output_dim, input_dim):
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.output = None
        self.theta = None


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class UnrolledNet:
    def __init__(self):
        self.layers = []
        self.J = []

    def add(self, output_dim, input_dim=None):
        layer = ThetaLayer(output_dim, input_dim)
        if self.layers:
            layer.input_dim = self.layers[-1].output_dim
        self.layers.append(layer)

    def read_full_theta(self, full_theta):
        self.full_theta = full_theta
        i = 0
        for layer in self.layers:
            length = layer.output_dim * (layer.input_dim + 1)
            layer.theta = full_theta[i : i + length].reshape(layer.output_dim, layer.input_dim + 1)
            i += length

    def predict(self, X):
        values = X
        for layer in self.layers:
            values = np.concatenate((np.ones((1, values.shape[1])), values), axis=0)
            values = layer.output = sigmoid(layer.theta.dot(values))
        return values

    def cost(self):
        m = len(self.X_train)
        y = self.y_train.T
        predictions = self.predict(self.X_train.T)
        J = (-1 / m) * np.sum(y * np.log(predictions) + (1 - y) * np.log(1 - predictions))
        self.J.append(J)
        for layer in self.layers:
            J += (self.lambda_param / (2 * m)) * np.sum(np.square(layer.theta)[:, 1:])  # no bias
        return J

    def gradient(self):
        m = len(self.X_train)
        X, y = self.X_train.T, self.y_train.T
        self.predict(X)

        delta = [None] * len(self.layers)
        delta[-1] = self.layers[-1].output - y
        for i in reversed(range(len(self.layers) - 1)):
            out = self.layers[i].output
            delta[i] = self.layers[i + 1].theta[:, 1:].T.dot(delta[i + 1]) * out * (1 - out)

        parts = []
        for j, layer in enumerate(self.layers):
            before = X if j == 0 else self.layers[j - 1].output
            before = np.concatenate((np.ones((1, m)), before), axis=0)
            Delta = delta[j].dot(before.T)
            ones_col = np.ones((layer.output_dim, 1))
            Delta = Delta / m + self.lambda_param * np.concatenate((ones_col, layer.theta[:, 1:]), axis=1)
            parts.append(Delta.reshape(-1, 1))
        return np.concatenate(parts)

    def train(self, X_train, y_train, lambda_param, alpha, iterations):
        self.X_train, self.y_train, self.lambda_param = X_train, y_train, lambda_param
        for _ in range(iterations):
            self.cost()
            self.full_theta -= alpha * self.gradient()


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    net = UnrolledNet()
    net.add(2, input_dim=2)
    net.add(1)
    net.read_full_theta(rng.normal(0, 1, (9, 1)))
    X = rng.integers(0, 2, (40, 2)) + rng.normal(0, 0.01, (40, 2))
    net.train(X, (X.round().sum(axis=1) % 2)[:, None], 0, 1, 1000)
    print(net.J[-1])
