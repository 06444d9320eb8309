import math
import random


class NamedMLP:
    """weights of a layer lie in one list: weight of input i to unit j at i * units + j"""

    def __init__(self, in_size, layer_sizes, activations):
        if len(layer_sizes) != len(activations):
            raise ValueError("layers and activations do not fit")
        self.in_size = in_size
        self.sizes = layer_sizes
        self.activations = activations
        self.weights, self.biases = [], []
        for before, size in zip([in_size] + layer_sizes, layer_sizes):
            std = math.sqrt(2.0 / (before + size))
            self.weights.append([random.gauss(0, std) for _ in range(before * size)])
            self.biases.append([random.gauss(0, std) for _ in range(size)])

    def activate(self, v, layer):
        name = self.activations[layer]
        if name == "sigmoid":
            return 1.0 / (1.0 + math.exp(-v))
        if name == "tanh":
            return math.tanh(v)
        return max(0.0, v) if name == "relu" else v

    def slope(self, a, v, layer):
        name = self.activations[layer]
        if name == "sigmoid":
            return a * (1.0 - a)
        if name == "tanh":
            return 1.0 - a * a
        return (1.0 if v > 0 else 0.0) if name == "relu" else 1.0

    def loss(self, output, target):
        return sum((t - o) ** 2 for o, t in zip(output, target)) / len(output)

    def loss_slope(self, output, target):
        return [o - t for o, t in zip(output, target)]

    def forward(self, values):
        self.a, self.v = [values], [values]
        for n, size in enumerate(self.sizes):
            before, w = self.a[-1], self.weights[n]
            v = [self.biases[n][j] + sum(x * w[i * size + j] for i, x in enumerate(before)) for j in range(size)]
            self.v.append(v)
            self.a.append([self.activate(s, n) for s in v])
        return self.a[-1]

    def fit(self, data, targets, learning_rate, epochs, batch_size):
        for epoch in range(epochs):
            order = random.sample(range(len(data)), len(data))
            for start in range(0, len(data), batch_size):
                batch = order[start : start + batch_size]
                gw = [[0.0] * len(w) for w in self.weights]
                gb = [[0.0] * len(b) for b in self.biases]
                for s in batch:
                    delta = self.loss_slope(self.forward(data[s]), targets[s])
                    for n in reversed(range(len(self.sizes))):
                        size, w = self.sizes[n], self.weights[n]
                        delta = [d * self.slope(a, v, n) for d, a, v in zip(delta, self.a[n + 1], self.v[n + 1])]
                        for j in range(size):
                            for i, x in enumerate(self.a[n]):
                                gw[n][i * size + j] += delta[j] * x
                            gb[n][j] += delta[j]
                        delta = [sum(delta[j] * w[i * size + j] for j in range(size)) for i in range(len(self.a[n]))]
                for w, b, dw, db in zip(self.weights, self.biases, gw, gb):
                    for i in range(len(w)):
                        w[i] -= learning_rate * dw[i] / len(batch)
                    for j in range(len(b)):
                        b[j] -= learning_rate * db[j] / len(batch)

    def average_loss(self, data, targets):
        return sum(self.loss(self.forward(x), t) for x, t in zip(data, targets)) / len(data)


if __name__ == "__main__":
    net = NamedMLP(2, [4, 1], ["tanh", "sigmoid"])
    xs, ts = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    net.fit(xs, ts, 0.5, 500, 4)
    print(net.average_loss(xs, ts))
