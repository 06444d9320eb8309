import numpy as np


def relu(v, derivative=False):
    if derivative:
        return (v > 0).astype(float)
    return np.maximum(0, v)


def sigmoid(v, derivative=False):
    out = np.clip(1 / (1 + np.exp(-v)), 1e-7, 1 - 1e-7)
    if derivative:
        return out * (1 - out)
    return out


# 손실 함수
def mse(truth, guess, derivative=False):
    if derivative:
        return guess - truth
    return np.mean((guess - truth) ** 2)


class Adam:
    def __init__(self, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.rate, self.beta1, self.beta2, self.eps = rate, beta1, beta2, eps
        self.m = self.v = None
        self.t = 0

    def update(self, params, grads):
        if self.m is None:
            self.m = {key: np.zeros_like(p) for key, p in params.items()}
            self.v = {key: np.zeros_like(p) for key, p in params.items()}
        self.t += 1
        for key in params:
            self.m[key] = self.beta1 * self.m[key] + (1 - self.beta1) * grads[key]
            self.v[key] = self.beta2 * self.v[key] + (1 - self.beta2) * grads[key] ** 2
            m_hat = self.m[key] / (1 - self.beta1 ** self.t)
            v_hat = self.v[key] / (1 - self.beta2 ** self.t)
            params[key] -= self.rate * m_hat / (np.sqrt(v_hat) + self.eps)


class SpiralNet:
    def __init__(self, n_in=2, n_a=8, n_b=6):
        self.layer1 = self.new_layer(n_in, n_a)
        self.layer2 = self.new_layer(n_a, n_b)
        self.layer3 = self.new_layer(n_b, 1)
        self.optimizer = Adam(rate=0.003)

    def new_layer(self, n_in, n_out):
        std = np.sqrt(2.0 / n_in)
        return {"weights": np.random.normal(0, std, (n_in, n_out)), "biases": np.zeros((1, n_out))}

    def forward(self, X):
        # 순전파
        self.z1 = np.dot(X, self.layer1["weights"]) + self.layer1["biases"]
        self.a1 = relu(self.z1)
        self.z2 = np.dot(self.a1, self.layer2["weights"]) + self.layer2["biases"]
        self.a2 = relu(self.z2)
        self.z3 = np.dot(self.a2, self.layer3["weights"]) + self.layer3["biases"]
        self.a3 = sigmoid(self.z3)
        return self.a3

    def backward(self, X, y):
        # 역전파
        dz3 = mse(self.a3, y, derivative=True) * sigmoid(self.z3, derivative=True)
        dz2 = np.dot(dz3, self.layer3["weights"].T) * relu(self.z2, derivative=True)
        dz1 = np.dot(dz2, self.layer2["weights"].T) * relu(self.z1, derivative=True)
        params, grads = {}, {}
        for i, before, dz in ((3, self.a2, dz3), (2, self.a1, dz2), (1, X, dz1)):
            layer = getattr(self, f"layer{i}")
            params[f"w{i}"], params[f"b{i}"] = layer["weights"], layer["biases"]
            grads[f"w{i}"], grads[f"b{i}"] = np.dot(before.T, dz), np.sum(dz, axis=0)
        self.optimizer.update(params=params, grads=grads)


def train(model, X, y, epochs=1500):
    losses = []
    for epoch in range(epochs):
        losses.append(mse(y, model.forward(X)))
        model.backward(X, y)
    return losses
