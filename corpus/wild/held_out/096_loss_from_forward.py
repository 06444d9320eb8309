import numpy as np


class MLP:
    def __init__(self, input_dim=8, n_layers=5, hidden_dim=4, n_classes=7):
        rng = np.random.default_rng(seed=42)
        self.n_layers = n_layers
        self.layers = []
        for i in range(n_layers):
            n_in = input_dim if i == 0 else hidden_dim
            n_out = n_classes if i + 1 == n_layers else hidden_dim
            self.layers.append(rng.normal(loc=0.0, scale=np.sqrt(2 / n_in), size=(n_in, n_out)))

    def shares(self, logits):
        e = np.exp(logits - np.max(logits))
        return e / np.sum(e)

    def forward(self, inputs, target_value=None, requires_grad=False):
        hidden = []
        for i in range(self.n_layers):
            if i == 0:
                hidden.append(np.maximum(0, inputs @ self.layers[i]))
            elif i + 1 < self.n_layers:
                hidden.append(np.maximum(0, hidden[i - 1] @ self.layers[i]))
            else:
                logits = hidden[i - 1] @ self.layers[i]
        if target_value is None:
            return logits
        probs = self.shares(logits)
        value = -np.log(probs[target_value])
        if not requires_grad:
            return value
        d_softmax = probs
        d_softmax[target_value] -= 1
        gradients = [None] * self.n_layers
        for i in range(self.n_layers - 1, -1, -1):
            if i == self.n_layers - 1:
                passed = d_softmax
                gradients[i] = np.outer(hidden[i - 1], passed)
            else:
                passed = self.layers[i + 1] @ passed
                passed *= (hidden[i] > 0).astype(float)
                gradients[i] = np.outer(inputs if i == 0 else hidden[i - 1], passed)
        return value, gradients
