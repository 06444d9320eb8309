import numpy as np


class Network:
    def __init__(self, n_in, hidden, n_out, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        rng = np.random.RandomState(0)
        sizes = [n_in, *hidden, n_out]
        self.hidden = hidden
        self.weights = [rng.standard_normal((a, b)) for a, b in zip(sizes, sizes[1:])]
        self.biases = [np.zeros((1, b)) for b in sizes[1:]]
        self.rate, self.beta1, self.beta2, self.epsilon = rate, beta1, beta2, epsilon
        self.m_w, self.v_w = [np.zeros_like(w) for w in self.weights], [np.zeros_like(w) for w in self.weights]
        self.m_b, self.v_b = [np.zeros_like(b) for b in self.biases], [np.zeros_like(b) for b in self.biases]
        self.t = 0

    def feedforward(self, X):
        self.zs, self.activations = [], [X]
        for i in range(len(self.weights)):
            z = np.dot(self.activations[-1], self.weights[i]) + self.biases[i]
            self.zs.append(z)
            if i == len(self.weights) - 1:
                e = np.exp(z - np.max(z, axis=1, keepdims=True))
                self.activations.append(e / np.sum(e, axis=1, keepdims=True))
            else:
                self.activations.append(np.maximum(0, z))

    def loss_function(self, y_true, y_pred):
        m = y_true.shape[0]
        return np.sum(-np.log(y_pred[range(m), np.argmax(y_true, axis=1)] + 1e-15)) / m

    def backpropagation(self, X, y):
        grads_w, grads_b = [None] * len(self.weights), [None] * len(self.biases)
        delta = self.activations[-1] - y
        grads_w[-1] = np.dot(self.activations[-2].T, delta)
        grads_b[-1] = np.sum(delta, axis=0, keepdims=True)
        for i in reversed(range(len(self.hidden))):
            delta = np.dot(delta, self.weights[i + 1].T) * (self.zs[i] > 0).astype(float)
            grads_w[i] = np.dot(self.activations[i].T, delta)
            grads_b[i] = np.sum(delta, axis=0, keepdims=True)
        return {"dW": grads_w, "dB": grads_b}

    def step(self, grads):
        self.t += 1
        for values, ms, vs, gs in (
            (self.weights, self.m_w, self.v_w, grads["dW"]),
            (self.biases, self.m_b, self.v_b, grads["dB"]),
        ):
            for i in range(len(values)):
                ms[i] = self.beta1 * ms[i] + (1 - self.beta1) * gs[i]
                vs[i] = self.beta2 * vs[i] + (1 - self.beta2) * gs[i] ** 2
                m_hat, v_hat = ms[i] / (1 - self.beta1**self.t), vs[i] / (1 - self.beta2**self.t)
                values[i] -= self.rate * m_hat / (np.sqrt(v_hat) + self.epsilon)

    def train(self, X, y, epochs=1):
        for _ in range(epochs):
            self.feedforward(X)
            self.step(self.backpropagation(X, y))
