import numpy as np


def sigmoid(x, derivative=False):
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s) if derivative else s


def softmax(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def hot(y):
    return np.eye(np.max(y) + 1)[y]


class HiddenLayerClassifier:
    def __init__(self, n_hidden=16, n_iterations=1000, learning_rate=0.01):
        self.n_hidden = n_hidden
        self.n_iterations = n_iterations
        self.learning_rate = learning_rate
        self._X = None
        self._y = None
        self._hw = None
        self._hb = None
        self._ow = None
        self._ob = None

    def _initialise(self, X, y):
        self._X = X
        self._y = hot(y)
        self._hw = np.random.randn(self._X.shape[1], self.n_hidden) * 0.01
        self._hb = np.zeros((1, self.n_hidden))
        self._ow = np.random.randn(self.n_hidden, self._y.shape[1]) * 0.01
        self._ob = np.zeros((1, self._y.shape[1]))

    def fit(self, X, y):
        self._initialise(X, y)

        for it in range(self.n_iterations):
            hidden_in = np.dot(self._X, self._hw) + self._hb
            hidden_out = sigmoid(hidden_in)
            top_in = np.dot(hidden_out, self._ow) + self._ob
            top_out = softmax(top_in)

            # back from the output layer
            diff = top_out - self._y
            d_ow = np.dot(hidden_out.T, diff)
            d_ob = (1 / self._X.shape[0]) * np.sum(diff, axis=0, keepdims=True)

            # back from the hidden layer
            d_hidden = np.dot(diff, self._ow.T) * sigmoid(hidden_in, True)
            d_hw = (1 / self._X.shape[0]) * np.dot(self._X.T, d_hidden)
            d_hb = (1 / self._X.shape[0]) * np.sum(d_hidden, axis=0, keepdims=True)

            self._hw = self._hw - self.learning_rate * d_hw
            self._ow = self._ow - self.learning_rate * d_ow
            self._hb = self._hb - self.learning_rate * d_hb
            self._ob = self._ob - self.learning_rate * d_ob

    def predict(self, X):
        found = []
        for row in softmax(np.dot(sigmoid(np.dot(X, self._hw) + self._hb), self._ow) + self._ob):
            found.append(np.argmax(row, axis=0))
        return np.array(found)
