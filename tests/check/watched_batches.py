"""Programs that take rows which no name holds, keep their weights in a table, or in a graph of numbers."""

from __future__ import annotations

from tests.check.watched_programs import ONE, TANH, Watched

SHUFFLED = """
import numpy as np

class Grader:
    def __init__(self, wide, batch):
        self.draws, self.batch = np.random.RandomState(5), batch
        self.P, self.p = self.draws.normal(size=(2, wide)), np.zeros(wide)
        self.Q, self.q = self.draws.normal(size=(wide, 1)), np.zeros(1)

    def squash(self, v):
        return 1 / (1 + np.exp(-v))

    def study(self, papers, marks):
        for round in range(12):
            order = self.draws.permutation(len(papers))
            for k in range(len(papers) // self.batch):
                chosen = order[k * self.batch : (k + 1) * self.batch]
                hid = self.squash(papers[chosen] @ self.P + self.p)
                out = self.squash(hid @ self.Q + self.q)
                e = (out - marks[chosen]) * out * (1 - out)
                f = e @ self.Q.T * hid * (1 - hid)
                self.P -= 0.9 * papers[chosen].T @ f / self.batch
                self.p -= 0.9 * f.mean(0)
                self.Q -= 0.9 * hid.T @ e / self.batch
                self.q -= 0.9 * e.mean(0)

draws = np.random.RandomState(1)
papers = draws.uniform(-1, 1, (40, 2))
Grader(3, 10).study(papers, (papers[:, :1] > papers[:, 1:]) * 1.0)
"""
STRETCHES = """
import numpy as np
draws = np.random.RandomState(2)
data = draws.normal(size=(36, 3))
kinds = np.eye(2)[(data.sum(1) > 0).astype(int)]
A, a = draws.normal(size=(3, 4)) / 2, np.zeros((1, 4))
B, b = draws.normal(size=(4, 2)) / 2, np.zeros((1, 2))
batch_size = 9
for times in range(8):
    for start in range(0, len(data), batch_size):
        h = np.tanh(data[start : start + batch_size] @ A + a)
        y = np.exp(h @ B + b)
        y = (y / y.sum(1, keepdims=True) - kinds[start : start + batch_size]) / batch_size
        g = y @ B.T * (1 - h * h)
        B, b = B - 0.2 * h.T @ y, b - 0.2 * y.sum(0, keepdims=True)
        A, a = A - 0.2 * data[start : start + batch_size].T @ g, a - 0.2 * g.sum(0, keepdims=True)
"""
TABLES = """
import numpy as np
import pandas as pd
draws = np.random.RandomState(4)
table = pd.DataFrame(draws.normal(size=(25, 2)), columns=["height", "weight"])
table["sick"] = (table["height"] > table["weight"]).astype(int)
known = pd.Series({"slope": np.array([0.2, -0.1]), "off": np.array(0.0)})
for day in range(30):
    guess = 1 / (1 + np.exp(-(table[["height", "weight"]].to_numpy() @ known["slope"] + known["off"])))
    miss = guess - table["sick"].to_numpy()
    known["slope"] = known["slope"] - 0.3 * table[["height", "weight"]].to_numpy().T @ miss / len(table)
    known["off"] = known["off"] - 0.3 * miss.mean()
"""
GRAPH = """
import math, random
random.seed(8)

class Node:
    def __init__(self, value, parts=()):
        self.value, self.slope, self.parts = value, 0.0, parts

    def __add__(self, other):
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Node(self.value * other.value, ((self, other.value), (other, self.value)))

    def squash(self):
        s = 1 / (1 + math.exp(-self.value))
        return Node(s, ((self, s * (1 - s)),))

    def spread(self, blame=1.0):
        self.slope += blame
        for part, share in self.parts:
            part.spread(blame * share)

class Unit:
    def __init__(self, n):
        self.w, self.b = [Node(random.gauss(0, 1)) for _ in range(n)], Node(0.0)

class Net:
    def __init__(self, *widths):
        self.rows = [[Unit(n) for _ in range(m)] for n, m in zip(widths, widths[1:])]

    def run(self, values):
        for row in self.rows:
            made = []
            for unit in row:
                z = unit.b
                for w, v in zip(unit.w, values):
                    z = z + w * v
                made.append(z.squash())
            values = made
        return values[0]

    def nodes(self):
        for row in self.rows:
            for unit in row:
                yield from [*unit.w, unit.b]

net = Net(2, 3, 1)
table = [([0.0, 0.3], 0.0), ([0.2, 1.0], 1.0), ([1.0, 0.1], 1.0), ([0.9, 1.0], 0.0)]
for times in range(20):
    for node in net.nodes():
        node.slope = 0.0
    for came, wish in table:
        off = net.run([Node(c) for c in came]) + Node(-wish)
        (off * off).spread()
    for node in net.nodes():
        node.value -= 0.25 * node.slope
"""
MORE_PROGRAMS = (
    Watched("rows of a shuffled order", SHUFFLED, "self.p -= 0.9 * f.mean(0)", "self.p -= 0.9 * f.sum(0)"),
    Watched("stretches of a table", STRETCHES, "b - 0.2 * y.sum(0, keepdims=True)", "b - 0.2 * y[-1:]", TANH),
    Watched("weights in a Series", TABLES, "0.3 * miss.mean()", "0.3 * miss.sum()", ONE),
    Watched("a graph of numbers", GRAPH, "((self, s * (1 - s)),)", "((self, s),)"),
)
