import numpy as np


def sigmoid(x, slope=False):
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s) if slope else s


def tanh(x, slope=False):
    return 1 - np.tanh(x) ** 2 if slope else np.tanh(x)


def softmax(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(y, p):
    return -np.sum(y * np.log(p)) / y.shape[0]


def to_one_hot(y):
    return np.eye(np.max(y) + 1)[y]


class Perceptrons:
    def __init__(self, n_hidden=16, hidden_act='tanh', n_iterations=1000, lr=0.01):
        acts = {'sigmoid': sigmoid, 'tanh': tanh}
        self.n_hidden = n_hidden
        self.hidden_act = acts[hidden_act]
        self.n_iterations = n_iterations
        self.lr = lr
        self._out_act = softmax
        self._loss_log = []
        self._X = None
        self._y = None
        self._hid_w = None
        self._hid_b = None
        self._out_w = None
        self._out_b = None

    def _start(self, X, y):
        self._X = X
        self._y = to_one_hot(y)
        np.random.seed(7)
        n_in, n_out = X.shape[1], self._y.shape[1]
        reach = np.sqrt(6 / (n_in + self.n_hidden))
        self._hid_w = np.random.uniform(-reach, reach, (n_in, self.n_hidden))
        self._hid_b = np.random.uniform(-reach, reach, (1, self.n_hidden))
        reach = np.sqrt(6 / (n_out + self.n_hidden))
        self._out_w = np.random.uniform(-reach, reach, (self.n_hidden, n_out))
        self._out_b = np.random.uniform(-reach, reach, (1, n_out))

    def fit(self, X, y):
        self._start(X, y)
        wanted = to_one_hot(y)
        for i in range(self.n_iterations):
            sums, outs = self._run_layers(X)
            out_error = (outs[-1] - wanted)

            self._out_w -= self.lr * outs[-2].T @ out_error / X.shape[0]
            self._out_b -= self.lr * np.mean(out_error, axis=0)

            Z = (out_error @ self._out_w.T) * self.hidden_act(sums[-2], slope=True)
            self._hid_b -= self.lr * np.mean(Z, axis=0)
            self._hid_w -= self.lr * (X.T @ Z) / X.shape[0]

            if i % 20 == 0:
                self._loss_log.append(cross_entropy(wanted, outs[-1]))

    def _run_layers(self, X):
        sums = [X @ self._hid_w + self._hid_b]
        outs = [self.hidden_act(sums[-1])]
        sums.append(outs[-1] @ self._out_w + self._out_b)
        outs.append(self._out_act(sums[-1]))
        return sums, outs

    def predict(self, X):
        return np.argmax(self._run_layers(X)[1][-1], axis=1)
