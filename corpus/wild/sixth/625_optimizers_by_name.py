import numpy as np


class Activations:
    @staticmethod
    def sigmoid(x):
        return 1.0 / (1.0 + np.exp(-np.clip(x, -500, 500)))

    @staticmethod
    def sigmoid_slope(a):
        return a * (1 - a)

    @staticmethod
    def relu(x):
        return np.maximum(0, x)

    @staticmethod
    def relu_slope(z):
        return (z > 0).astype(float)

    @staticmethod
    def tanh(x):
        return np.tanh(x)

    @staticmethod
    def tanh_slope(a):
        return 1 - a * a

    @classmethod
    def named(cls, name):
        table = {'sigmoid': (cls.sigmoid, cls.sigmoid_slope), 'relu': (cls.relu, cls.relu_slope),
                 'tanh': (cls.tanh, cls.tanh_slope)}
        if name not in table:
            raise ValueError(f"Unknown activation {name}")
        return table[name]


class Losses:
    @staticmethod
    def mse(y, out):
        return np.mean(np.square(y - out))

    @staticmethod
    def bce(y, out):
        out = np.clip(out, 1e-15, 1 - 1e-15)
        return -np.mean(y * np.log(out) + (1 - y) * np.log(1 - out))


class Optimizer:
    def __init__(self, kind='sgd', rate=0.1, beta=0.9):
        self.kind, self.rate, self.beta = kind, rate, beta
        self.v_w = self.v_b = None

    def update(self, weights, biases, grads_w, grads_b):
        if self.kind == 'sgd':
            for i in range(len(weights)):
                weights[i] -= self.rate * grads_w[i]
                biases[i] -= self.rate * grads_b[i]
        elif self.kind == 'momentum':
            if self.v_w is None:
                self.v_w = [np.zeros_like(w) for w in weights]
                self.v_b = [np.zeros_like(b) for b in biases]
            for i in range(len(weights)):
                self.v_w[i] = self.beta * self.v_w[i] + grads_w[i]
                self.v_b[i] = self.beta * self.v_b[i] + grads_b[i]
                weights[i] -= self.rate * self.v_w[i]
                biases[i] -= self.rate * self.v_b[i]
        else:
            raise ValueError(f"Unknown optimizer {self.kind}")
        return weights, biases


class GateNet:
    def __init__(self, sizes, act='sigmoid', rate=0.1, optimizer='sgd', loss='mse'):
        self.sizes = sizes
        self.weights, self.biases = [], []
        for i in range(len(sizes) - 1):
            self.weights.append(np.random.randn(sizes[i], sizes[i + 1]) * np.sqrt(2.0 / sizes[i]))
            self.biases.append(np.zeros((1, sizes[i + 1])))
        self.act_name = act
        self.act, self.act_slope = Activations.named(act)
        self.optimizer = Optimizer(optimizer, rate)
        self.loss_name = loss
        self.loss = {'mse': Losses.mse, 'bce': Losses.bce}[loss]
        self.outs, self.sums = [], []
        self.grads_w, self.grads_b = [], []

    def forward(self, X):
        self.outs, self.sums = [X], []
        now = X
        for i in range(len(self.weights)):
            z = np.dot(now, self.weights[i]) + self.biases[i]
            self.sums.append(z)
            now = Activations.sigmoid(z) if i == len(self.weights) - 1 else self.act(z)
            self.outs.append(now)
        return now

    def backward(self, X, y):
        self.grads_w, self.grads_b = [], []
        error = self.outs[-1] - y
        if self.loss_name == 'bce':
            delta = error
        else:
            delta = error * Activations.sigmoid_slope(self.outs[-1])
        deltas = [delta]
        for i in range(len(self.weights) - 1, 0, -1):
            error = deltas[-1].dot(self.weights[i].T)
            if self.act_name == 'relu':
                deltas.append(error * self.act_slope(self.sums[i - 1]))
            else:
                deltas.append(error * self.act_slope(self.outs[i]))
        deltas.reverse()
        for i in range(len(self.weights)):
            self.grads_w.append(self.outs[i].T.dot(deltas[i]))
            self.grads_b.append(np.sum(deltas[i], axis=0, keepdims=True))

    def compute_loss(self, y, out):
        return self.loss(y, out)

    def train_step(self, X, y):
        out = self.forward(X)
        loss = self.compute_loss(y, out)
        self.backward(X, y)
        self.weights, self.biases = self.optimizer.update(self.weights, self.biases, self.grads_w, self.grads_b)
        return loss
