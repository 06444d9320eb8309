import numpy as np


class MLP:
    def __init__(self, in_dims, out_dims, seed=0):
        rng = np.random.default_rng(seed)
        self.depth = len(in_dims)
        self.weights, self.biases = [], []
        for n_in, n_out in zip(in_dims, out_dims):
            weight = rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)
            self.weights.append(weight.astype(np.float32))
            self.biases.append(np.zeros(n_out, dtype=np.float32))

    @staticmethod
    def softmax(x):
        x -= x.max(axis=1, keepdims=True)
        e = np.exp(x)
        return e / e.sum(axis=1, keepdims=True)

    def forward(self, x):
        outputs, before = [x], []
        for i in range(self.depth):
            z = outputs[-1] @ self.weights[i] + self.biases[i]
            before.append(z)
            outputs.append(self.softmax(z) if i == self.depth - 1 else np.maximum(z, 0))
        return outputs[-1], outputs, before

    def train_batch(self, x, y, learning_rate):
        probs, outputs, before = self.forward(x)
        n = len(y)
        loss = -np.log(probs[np.arange(n), y] + 1e-12).mean()
        delta = probs.copy()
        delta[np.arange(n), y] -= 1
        delta /= n
        for i in range(self.depth - 1, -1, -1):
            weight_gradient = outputs[i].T @ delta
            bias_gradient = delta.sum(axis=0)
            if i > 0:
                delta = delta @ self.weights[i].T
                delta[before[i - 1] <= 0] = 0
            self.weights[i] -= learning_rate * weight_gradient
            self.biases[i] -= learning_rate * bias_gradient
        return loss
