import math
import random


class Grid:
    def __init__(self, rows, cols):
        self.rows = rows
        self.cols = cols
        self.data = [[0.0 for _ in range(cols)] for _ in range(rows)]

    @staticmethod
    def of_list(values):
        grid = Grid(len(values), 1)
        for i in range(len(values)):
            grid.data[i][0] = values[i]
        return grid

    def to_list(self):
        return [value for row in self.data for value in row]

    def shuffle(self):
        for i in range(self.rows):
            for j in range(self.cols):
                self.data[i][j] = random.random() * 2 - 1

    def add(self, other):
        for i in range(self.rows):
            for j in range(self.cols):
                self.data[i][j] += other.data[i][j]

    def multiply(self, other):
        for i in range(self.rows):
            for j in range(self.cols):
                self.data[i][j] *= other.data[i][j] if isinstance(other, Grid) else other

    def each(self, func):
        for i in range(self.rows):
            for j in range(self.cols):
                self.data[i][j] = func(self.data[i][j])

    @staticmethod
    def of_each(grid, func):
        new = Grid(grid.rows, grid.cols)
        for i in range(grid.rows):
            for j in range(grid.cols):
                new.data[i][j] = func(grid.data[i][j])
        return new

    @staticmethod
    def minus(a, b):
        new = Grid(a.rows, a.cols)
        for i in range(a.rows):
            for j in range(a.cols):
                new.data[i][j] = a.data[i][j] - b.data[i][j]
        return new

    @staticmethod
    def turned(grid):
        new = Grid(grid.cols, grid.rows)
        for i in range(grid.rows):
            for j in range(grid.cols):
                new.data[j][i] = grid.data[i][j]
        return new

    @staticmethod
    def product(a, b):
        new = Grid(a.rows, b.cols)
        for i in range(new.rows):
            for j in range(new.cols):
                total = 0
                for k in range(a.cols):
                    total += a.data[i][k] * b.data[k][j]
                new.data[i][j] = total
        return new


def sig(x):
    return 1 / (1 + math.exp(-x))


def sig_slope(y):
    return y * (1 - y)


class ToyNetwork():
    def __init__(self, n_in, n_hid, n_out):
        self.w_ih = Grid(n_hid, n_in)
        self.w_ho = Grid(n_out, n_hid)
        self.w_ih.shuffle()
        self.w_ho.shuffle()
        self.b_h = Grid(n_hid, 1)
        self.b_o = Grid(n_out, 1)
        self.b_h.shuffle()
        self.b_o.shuffle()
        self.rate = 0.1

    def guess(self, values):
        hidden = Grid.product(self.w_ih, Grid.of_list(values))
        hidden.add(self.b_h)
        hidden.each(sig)
        output = Grid.product(self.w_ho, hidden)
        output.add(self.b_o)
        output.each(sig)
        return output.to_list()

    def train(self, values, wanted):
        inputs = Grid.of_list(values)
        hidden = Grid.product(self.w_ih, inputs)
        hidden.add(self.b_h)
        hidden.each(sig)
        outputs = Grid.product(self.w_ho, hidden)
        outputs.add(self.b_o)
        outputs.each(sig)

        # errors and gradient of the outputs
        out_errors = Grid.minus(Grid.of_list(wanted), outputs)
        out_slope = Grid.of_each(outputs, sig_slope)
        out_slope.multiply(out_errors)
        out_slope.multiply(self.rate)

        # hidden -> output
        w_ho_deltas = Grid.product(out_slope, Grid.turned(hidden))
        self.w_ho.add(w_ho_deltas)
        self.b_o.add(out_slope)

        # errors and gradient of the hidden layer
        w_ho_t = Grid.turned(self.w_ho)
        hid_errors = Grid.product(w_ho_t, out_errors)
        hid_slope = Grid.of_each(hidden, sig_slope)
        hid_slope.multiply(hid_errors)
        hid_slope.multiply(self.rate)

        # input -> hidden
        w_ih_deltas = Grid.product(hid_slope, Grid.turned(inputs))
        self.w_ih.add(w_ih_deltas)
        self.b_h.add(hid_slope)
