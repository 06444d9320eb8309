"""More programs that are watched: batches without a name, wrapped numbers, one vector of all, many networks."""

from __future__ import annotations

from tests.check.watched_programs import TANH, Watched

from chainrule import Dense, Network

LINE = Network([Dense(3, "tanh"), Dense(1)], n_features=1, loss="half_squared_error")
TWO = Network([Dense(3, "sigmoid"), Dense(2, "sigmoid")], n_features=2, loss="half_squared_error")
HILLS = Network([Dense(4, "tanh"), Dense(1)], n_features=2, loss="half_squared_error")

BATCHES = """
import numpy as np

class Fitter:
    def __init__(self, breadth=4, eta=0.05, share=5):
        self.breadth, self.eta, self.share = breadth, eta, share

    def ahead(self, rows):
        mid = np.tanh(rows @ self.u + self.c)
        return mid, mid @ self.v + self.d

    def go(self, table, wanted):
        g = np.random.RandomState(0)
        self.u, self.c = g.normal(0, 0.5, (2, self.breadth)), np.zeros(self.breadth)
        self.v, self.d = g.normal(0, 0.5, (self.breadth, 1)), np.zeros(1)
        for turn in range(6):
            mixed = g.permutation(len(table))
            for at in range(0, len(table), self.share):
                some = mixed[at : at + self.share]
                mid, out = self.ahead(table[some])
                off = (out - wanted[some, None]) / len(some)
                low = off @ self.v.T * (1 - mid * mid)
                self.v -= self.eta * mid.T @ off
                self.d -= self.eta * off.sum(0)
                self.u -= self.eta * table[some].T @ low
                self.c -= self.eta * low.sum(0)

table = np.random.RandomState(4).uniform(-1, 1, (30, 2))
Fitter().go(table, table[:, 0] * table[:, 1])
"""

ONE_VECTOR = """
import numpy as np

class Brain:
    def __init__(self, seed):
        self.everything = np.random.default_rng(seed).normal(size=3 * 3 + 2 * 4)

    @property
    def low(self):
        return self.everything[:9].reshape(3, 3)

    @property
    def high(self):
        return self.everything[9:].reshape(2, 4)

    def guess(self, came):
        self.came = np.append(1.0, came)
        self.mid = np.append(1.0, 1 / (1 + np.exp(-self.low @ self.came)))
        return 1 / (1 + np.exp(-self.high @ self.mid))

    def correct(self, guess, wish):
        top = (wish - guess) * guess * (1 - guess)
        down = (self.high[:, 1:].T @ top) * self.mid[1:] * (1 - self.mid[1:])
        parts = np.outer(down, self.came).ravel(), np.outer(top, self.mid).ravel()
        self.everything += 0.4 * np.concatenate(parts)

brain = Brain(3)
for day in range(3):
    for i in range(4):
        for j in range(4):
            lesson = np.array([i / 5, j / 4])
            brain.correct(brain.guess(lesson), np.array([i > j, i + j > 4], float))
"""

WRAPPED = """
import math, random

class Number:
    def __init__(self, data, made_of=()):
        self.data, self.grad, self.made_of, self.hand_down = data, 0.0, made_of, lambda: None

    def __add__(self, other):
        out = Number(self.data + other.data, (self, other))
        def hand_down():
            self.grad += out.grad
            other.grad += out.grad
        out.hand_down = hand_down
        return out

    def __mul__(self, other):
        out = Number(self.data * other.data, (self, other))
        def hand_down():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out.hand_down = hand_down
        return out

    def tanh(self):
        out = Number(math.tanh(self.data), (self,))
        def hand_down():
            self.grad += (1 - out.data * out.data) * out.grad
        out.hand_down = hand_down
        return out

    def backward(self):
        order, seen = [], set()
        def visit(one):
            if one not in seen:
                seen.add(one)
                for part in one.made_of:
                    visit(part)
                order.append(one)
        visit(self)
        self.grad = 1.0
        for one in reversed(order):
            one.hand_down()

class Unit:
    def __init__(self, n):
        self.w, self.b = [Number(random.uniform(-1, 1)) for _ in range(n)], Number(0.1)

    def __call__(self, came):
        out = self.b
        for w, one in zip(self.w, came):
            out = out + w * one
        return out

random.seed(7)
points = [(0.2, 0.5), (-0.7, 0.1), (0.9, -0.4)]
layers = [[Unit(1) for _ in range(3)], [Unit(3)]]
numbers = [one for layer in layers for unit in layer for one in [*unit.w, unit.b]]
for turn in range(6):
    loss = Number(0.0)
    for x, y in points:
        off = layers[1][0]([unit([Number(x)]).tanh() for unit in layers[0]]) + Number(-y)
        loss = loss + off * off
    for one in numbers:
        one.grad = 0.0
    loss.backward()
    for one in numbers:
        one.data += -0.05 * one.grad
"""

SEVERAL = """
import numpy as np

def fitted(kind, x, y, n):
    g = np.random.RandomState(0)
    W, b, V, c = g.randn(n, 1), g.randn(n, 1), g.randn(1, n), np.zeros((1, 1))
    for turn in range(12):
        A = np.tanh(W @ x + b) if kind == "tanh" else 1 / (1 + np.exp(-(W @ x + b)))
        D = (V @ A + c - y) / x.size
        B = V.T @ D * (1 - A * A if kind == "tanh" else A * (1 - A))
        V, c = V - 0.1 * D @ A.T, c - 0.1 * D.sum()
        W, b = W - 0.1 * B @ x.T, b - 0.1 * B.sum(axis=1, keepdims=True)

x = np.linspace(-1, 1, 17)[None]
for kind in ("sigmoid", "tanh"):
    for n in (2, 3):
        fitted(kind, x, x**2, n)
"""

AT_ONCE = """
import numpy as np
g = np.random.default_rng(0)
U, u = g.normal(size=(4, 1, 3)), np.zeros((4, 1, 3))
V, v = g.normal(size=(4, 3, 1)), np.zeros((4, 1, 1))
x = np.linspace(-1, 1, 15).reshape(1, -1, 1)
y = x**2
for turn in range(12):
    a = np.tanh(x @ U + u)
    e = (a @ V + v - y) / x.shape[1]
    d = e @ V.transpose(0, 2, 1) * (1 - a * a)
    V -= 0.3 * a.transpose(0, 2, 1) @ e
    v -= 0.3 * e.sum(1, keepdims=True)
    U -= 0.3 * x.transpose(0, 2, 1) @ d
    u -= 0.3 * d.sum(1, keepdims=True)
"""

EXPORTED = """
# In[1]:
import numpy as np
import pandas as pd
get_ipython().run_line_magic('matplotlib', 'inline')

# In[4]:
g = np.random.RandomState(1)
frame = pd.DataFrame(g.randn(20, 3), columns=list("abc"))
labels = (frame.a > frame.b).astype(int).values
net = pd.Series({"in": g.randn(3, 4), "in0": np.zeros(4), "out": g.randn(4, 2), "out0": np.zeros(2)})

# In[9]:
def one_round(net):
    mid = np.tanh(frame.values @ net["in"] + net["in0"])
    e = np.exp(mid @ net["out"] + net["out0"])
    off = e / e.sum(axis=1, keepdims=True)
    off[range(20), labels] -= 1
    low = off @ net["out"].T * (1 - mid**2)
    slopes = {"in": frame.values.T @ low, "in0": low.sum(axis=0), "out": mid.T @ off, "out0": off.sum(axis=0)}
    for name in slopes:
        net[name] = net[name] - 0.1 * slopes[name] / 20

for turn in range(8):
    one_round(net)
display(net)
"""

FORMS = (
    Watched("batches without a name", BATCHES, "low.sum(0)", "low.mean(0)", HILLS),
    Watched("one vector, biases first", ONE_VECTOR, "np.outer(down,", "2 * np.outer(down,", TWO),
    Watched("wrapped numbers", WRAPPED, "for one in [*unit.w, unit.b]", "for one in unit.w", LINE),
    Watched("several networks in turn", SEVERAL, "B.sum(axis=1", "B.mean(axis=1", LINE),
    Watched("many networks at once", AT_ONCE, "d.sum(1,", "d.mean(1,", LINE),
    Watched("a series of arrays, exported", EXPORTED, '"in0": low.sum(', '"in0": -low.sum(', TANH),
)
TWINS = (
    Watched("the last sample's bias", BATCHES, "low.sum(0)", "low[-1]", HILLS),
    Watched("the last sample's weights", BATCHES, "table[some].T @ low", "table[some][-1:].T @ low[-1:]", HILLS),
    Watched("of the batch before", BATCHES, "table[some].T @ low", "table[mixed[:5]].T @ low[:5]", HILLS),
    Watched("updated weights", ONE_VECTOR, "0.4 * np.concatenate(parts)", "0.4 * np.concatenate(parts[::-1])", TWO),
    Watched("never set back", WRAPPED, "one.grad = 0.0", "pass", LINE),
    Watched("kept of the last use alone", WRAPPED, "self.grad += other.data", "self.grad = other.data", LINE),
    Watched("1/N twice in one block", SEVERAL, "0.1 * B @ x.T", "0.1 * B @ x.T / x.size", LINE),
    Watched("another network's bias", AT_ONCE, "u -= 0.3 * d.sum(1,", "u -= 0.3 * d[::-1].sum(1,", LINE),
    Watched("1/N missing in one block", EXPORTED, '"in0": low.sum(', '"in0": 20 * low.sum(', TANH),
)
