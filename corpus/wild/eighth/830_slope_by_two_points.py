import numpy as np


def sigmoid(x, a):
    return 1 / (1 + np.exp(-a * x))


class GraphOfWidths:
    """W1, W2, … 從輸入層向後"""

    def __init__(self, wide_num, activity_func, LR=0.0001):
        if len(wide_num) != len(activity_func):
            raise ValueError("one function (or None) for each layer")
        self.activity_func = activity_func
        self.deep_num = len(wide_num)
        self.net = [None] * self.deep_num
        self.out = [None] * self.deep_num
        self.w, self.b, self.delta = {}, {}, {}
        self.derive_func = lambda f, x, step, *args: (f(x + step, *args) - f(x - step, *args)) / (2.0 * step)
        self.LR = LR
        for i in range(1, self.deep_num):
            self.w["W" + str(i)] = np.random.rand(wide_num[i - 1], wide_num[i])
            self.b["B" + str(i)] = np.random.rand(1, wide_num[i])

    def forward_one(self, inputs, pair):
        self.net[0] = inputs[:, pair : pair + 1].T
        self.out[0] = np.copy(self.net[0])
        for i in range(1, self.deep_num):
            self.net[i] = self.out[i - 1] @ self.w["W" + str(i)] + self.b["B" + str(i)]
            f = self.activity_func[i]
            self.out[i] = np.copy(self.net[i]) if f is None else f(self.net[i], 1)

    def update_one(self, outputs, pair):
        new_w, new_b = {}, {}
        for i in range(1, self.deep_num)[::-1]:
            if i == self.deep_num - 1:
                delta = self.out[i] - outputs[:, pair : pair + 1].T
            else:
                delta = self.delta["D" + str(i + 1)] @ self.w["W" + str(i + 1)].T
            if self.activity_func[i] is not None:
                delta = delta * self.derive_func(self.activity_func[i], self.net[i], 0.0001, 1)
            self.delta["D" + str(i)] = delta

            new_w["W" + str(i)] = self.w["W" + str(i)] - self.LR * (delta.T @ self.out[i - 1]).T
            new_b["B" + str(i)] = self.b["B" + str(i)] - self.LR * delta
        self.w.update(new_w)
        self.b.update(new_b)

    def train(self, inputs, outputs):
        error = np.zeros(outputs.shape)
        for i in range(outputs.shape[1]):
            self.forward_one(inputs, i)
            self.update_one(outputs, i)
            error[:, i] = self.out[-1] - outputs[:, i]
        return error


if __name__ == "__main__":
    xs = np.linspace(-2, 2, 30)[None]
    graph = GraphOfWidths([1, 8, 1], [None, sigmoid, None], 0.05)
    for turn in range(300):
        error = graph.train(xs, np.sin(xs))
    print(np.abs(error).mean())
