import numpy as np


class Network:
    def __init__(self, n_in, hidden, n_out):
        rng = np.random.RandomState(0)
        sizes = [n_in, *hidden, n_out]
        self.hidden = hidden
        self.weights = [rng.uniform(-1, 1, size=(a, b)) for a, b in zip(sizes, sizes[1:])]
        self.biases = [np.zeros([1, b]) for b in sizes[1:]]
        self.mean_w = [np.zeros_like(w) for w in self.weights]
        self.mean_b = [np.zeros_like(b) for b in self.biases]
        self.activations = []

    def forward(self):
        self.before = []
        for k in range(len(self.hidden)):
            came = self.input_layer if k == 0 else self.activations[-1]
            self.before.append(np.dot(came, self.weights[k]) + self.biases[k])
            self.activations.append(np.maximum(0, self.before[k]))
        out = np.dot(self.activations[-1], self.weights[-1]) + self.biases[-1]
        out -= np.max(out, axis=1, keepdims=True)
        e = np.exp(out)
        self.activations.append(e / np.sum(e, axis=1, keepdims=True))

    def backward(self, labels, rate, decay):
        delta_out = self.activations[-1] - labels
        for i in range(len(self.hidden), -1, -1):
            if i == len(self.hidden):
                dW = np.dot(self.activations[i - 1].T, delta_out)
                dB = np.sum(delta_out, axis=0, keepdims=True)
                delta = np.dot(delta_out, self.weights[i].T) * (self.before[i - 1] > 0)
            elif i == 0:
                dW = np.dot(self.input_layer.T, delta)
                dB = np.sum(delta, axis=0, keepdims=True)
            else:
                dW = np.dot(self.activations[i - 1].T, delta)
                dB = np.sum(delta, axis=0, keepdims=True)
                delta = np.dot(delta, self.weights[i].T) * (self.before[i - 1] > 0)
            step_w, step_b = self.rmsprop(i, dW, dB, rate, decay)
            self.weights[i] -= step_w
            self.biases[i] -= step_b

    def rmsprop(self, i, dW, dB, rate, decay):
        self.mean_w[i] = decay * self.mean_w[i] + (1 - decay) * dW**2
        self.mean_b[i] = decay * self.mean_b[i] + (1 - decay) * dB**2
        return rate * dW / (np.sqrt(self.mean_w[i]) + 1e-12), rate * dB / (np.sqrt(self.mean_b[i]) + 1e-12)
