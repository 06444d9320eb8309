import math
import random

random.seed(0)


def between(a, b):
    return a + (b - a) * random.random()


def squash(v):
    return math.tanh(v)


def d_squash(out):
    return 1.0 - out * out


class Cell:
    def __init__(self, n):
        self.weight = [between(-0.2, 0.2) for _ in range(n)]
        self.change = [0.0] * n
        self.threshold = between(-0.2, 0.2)
        # self.change_threshold = 0.0

    def calc(self, sample):
        self.sample = sample[:]
        self.output = squash(sum(s * w for s, w in zip(self.sample, self.weight)) - self.threshold)
        return self.output

    def update(self, diff, rate=0.5, factor=0.1):
        step = [rate * s * diff + factor * c for s, c in zip(self.sample, self.change)]
        self.weight = [w + s for w, s in zip(self.weight, step)]
        self.change = [s * diff for s in self.sample]
        # self.threshold = rate * factor + factor * self.change_threshold + self.threshold


class CellLayer:
    def __init__(self, n_in, n_out):
        self.cells = [Cell(n_in) for _ in range(n_out)]
        self.n_in = n_in

    def calc(self, sample):
        return [cell.calc(sample) for cell in self.cells]

    def update(self, diffs, rate, factor):
        for diff, cell in zip(diffs, self.cells):
            cell.update(diff, rate, factor)

    def error_behind(self, deltas):
        return [sum(d * cell.weight[j] for d, cell in zip(deltas, self.cells)) for j in range(self.n_in)]


class CellNet:
    def __init__(self, ni, nh, no):
        self.ni = ni + 1  # one more for the bias
        self.hidden = CellLayer(self.ni, nh)
        self.out = CellLayer(nh, no)

    def calc(self, inputs):
        if len(inputs) != self.ni - 1:
            raise ValueError("not as many inputs as nodes")
        self.ah = self.hidden.calc(inputs[:] + [1.0])
        self.ao = self.out.calc(self.ah)
        return self.ao[:]

    def update(self, targets, rate, factor):
        out_deltas = [d_squash(o) * (t - o) for t, o in zip(targets, self.ao)]
        hidden_deltas = [d_squash(h) * e for h, e in zip(self.ah, self.out.error_behind(out_deltas))]
        self.out.update(out_deltas, rate, factor)
        self.hidden.update(hidden_deltas, rate, factor)
        return sum(0.5 * (t - o) ** 2 for t, o in zip(targets, self.ao))

    def train(self, patterns, iterations=1000, N=0.5, M=0.1):
        for i in range(iterations):
            error = 0.0
            for inputs, targets in patterns:
                self.calc(inputs)
                error += self.update(targets, N, M)
            if i % 100 == 0:
                print("error %-.10f" % error)


if __name__ == "__main__":
    net = CellNet(2, 2, 1)
    net.train([[[0, 0], [0]], [[0, 1], [1]], [[1, 0], [1]], [[1, 1], [0]]])
