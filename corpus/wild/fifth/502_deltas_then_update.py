import numpy as np


class BackNet:
    def __init__(self, n_in, n_hidden_layers, units, n_out, rate, act_name):
        self.n_hidden_layers = n_hidden_layers
        self.rate = rate
        self.act_name = act_name
        self.x_now = None
        rng = np.random.RandomState(5)

        self.weights = []
        self.biases = []
        before = n_in
        for size in units:
            self.weights.append(rng.randn(before, size) * 0.1)
            self.biases.append(np.zeros((1, size)))
            before = size
        self.weights.append(rng.randn(before, n_out) * 0.1)
        self.biases.append(np.zeros((1, n_out)))

    def act(self, x):
        if self.act_name == 'sigmoid':
            return 1 / (1 + np.exp(-x))
        elif self.act_name == 'tanh':
            return np.tanh(x)

    def act_slope(self, x):
        if self.act_name == 'sigmoid':
            return x * (1 - x)
        elif self.act_name == 'tanh':
            return 1 - x ** 2

    def forward(self, x):
        self.outs = [x]
        self.sums = []
        for i in range(self.n_hidden_layers):
            z = np.dot(self.outs[-1], self.weights[i]) + self.biases[i]
            self.sums.append(z)
            self.outs.append(self.act(z))

        last = np.dot(self.outs[-1], self.weights[-1]) + self.biases[-1]
        self.sums.append(last)
        self.outs.append(self.act(last))
        return self.outs[-1]

    def backward(self, target):
        out_error = self.outs[-1] - target
        self.deltas = [out_error * self.act_slope(self.outs[-1])]
        for i in range(self.n_hidden_layers - 1, -1, -1):
            error = np.dot(self.deltas[0], self.weights[i + 1].T)
            self.deltas.insert(0, error * self.act_slope(self.outs[i + 1]))

    def update_weights(self):
        for i in range(self.n_hidden_layers):
            if i == 0:
                grad = np.dot(self.x_now.T, self.deltas[i])
            else:
                grad = np.dot(self.outs[i].T, self.deltas[i])
            self.weights[i] -= self.rate * grad
            self.biases[i] -= self.rate * np.sum(self.deltas[i], axis=0, keepdims=True)

        grad = np.dot(self.outs[-2].T, self.deltas[-1])
        self.weights[-1] -= self.rate * grad
        self.biases[-1] -= self.rate * np.sum(self.deltas[-1], axis=0, keepdims=True)

    def train(self, X_train, Y_train, epochs):
        for epoch in range(epochs):
            for i in range(X_train.shape[0]):
                self.x_now = X_train[i:i + 1]
                self.forward(self.x_now)
                self.backward(Y_train[i:i + 1])
                self.update_weights()
            print(f"epoch {epoch + 1} of {epochs}")

    def predict(self, X):
        return np.argmax(self.forward(X), axis=1)
