import numpy as np


class SigmoidCurve:
    name = "sigmoid"

    def of(self, m):
        return 1 / (1 + np.exp(-m))

    def slope_of(self, m):
        return m * (1 - m)


class TanhCurve:
    name = "tanh"

    def of(self, m):
        return np.tanh(m)

    def slope_of(self, m):
        return 1 - m * m


class FloorNetwork:
    """every hidden floor has the same number of nodes"""

    def __init__(self, inputs, hidden_floors, hidden_nodes, outputs):
        self.learning_rate = 0.1
        self.curves = {c.name: c for c in (SigmoidCurve(), TanhCurve())}
        self.curve_key = "sigmoid"
        sizes = [inputs] + [hidden_nodes] * hidden_floors + [outputs]
        self.weights = [np.random.uniform(-1, 1, (o, i)) for i, o in zip(sizes, sizes[1:])]
        self.biases = [np.random.uniform(-1, 1, (o, 1)) for o in sizes[1:]]

    def guess(self, values):
        out = self._column(values)
        for w, b in zip(self.weights, self.biases):
            out = self._one_floor(w, b, out)
        return out.ravel().tolist()

    def train(self, values, wanted):
        curve = self.curves[self.curve_key]
        signal = self._column(values)
        targets = self._column(wanted)

        floors = [signal]
        for w, b in zip(self.weights, self.biases):
            signal = self._one_floor(w, b, signal)
            floors.append(signal)

        for n in range(len(floors) - 1, 0, -1):
            errors = targets - floors[n]
            gradients = curve.slope_of(floors[n]) * errors * self.learning_rate
            deltas = gradients @ floors[n - 1].T

            self.biases[n - 1] = self.biases[n - 1] + gradients
            self.weights[n - 1] = self.weights[n - 1] + deltas

            # what the floor before should have put out
            earlier_error = self.weights[n - 1].T @ errors
            targets = earlier_error + floors[n - 1]

    def _one_floor(self, w, b, signal):
        return self.curves[self.curve_key].of(w @ signal + b)

    def _column(self, values):
        return np.array(values, float).reshape(-1, 1)


if __name__ == "__main__":
    net = FloorNetwork(2, 1, 3, 1)
    for turn in range(4000):
        a, b = turn % 2, turn // 2 % 2
        net.train([a, b], [a ^ b])
    print(net.guess([1, 0]))
