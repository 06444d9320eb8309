"""Programs that nobody could call for a gradient, each as its author runs it, and the same with a mistake."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule import Dense, Network

SIGMOIDS = Network([Dense(3, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
TANH = Network([Dense(4, "tanh"), Dense(2, "softmax")], n_features=3, loss="cross_entropy")
WIDE = Network([Dense(6, "tanh"), Dense(3, "softmax")], n_features=5, loss="cross_entropy")
ONE = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")


@dataclass(frozen=True)
class Watched:
    """A program, its network, and a replacement of its text that makes it wrong."""

    name: str
    text: str
    right: str
    wrong: str
    net: Network = SIGMOIDS


NEURONS = """
import math, random
random.seed(3)

class Neuron:
    def __init__(self, n):
        self.pulls = [random.uniform(-1, 1) for _ in range(n)]
        self.push = random.uniform(-1, 1)

    def fire(self, came):
        self.came = came
        self.out = 1 / (1 + math.exp(-sum(p * c for p, c in zip(self.pulls, came)) - self.push))
        return self.out

    def learn(self, blame, pace):
        for k, c in enumerate(self.came):
            self.pulls[k] -= pace * blame * c
        self.push -= pace * blame

brain = [[Neuron(2) for _ in range(3)], [Neuron(3)]]
for turn in range(300):
    for a, b in [(0.3, 1.0), (1.0, -0.4), (0.5, 0.7), (0.2, 0.1)]:
        hidden = [one.fire([a, b]) for one in brain[0]]
        out = brain[1][0].fire(hidden)
        wanted = float(a > b)
        top = (out - wanted) * out * (1 - out)
        blames = [top * brain[1][0].pulls[k] * h * (1 - h) for k, h in enumerate(hidden)]
        brain[1][0].learn(top, 0.5)
        for one, blame in zip(brain[0], blames):
            one.learn(blame, 0.5)
"""

WISHES = """
import numpy as np
rng = np.random.RandomState(0)

class Link:
    def __init__(self):
        self.strength, self.wish = rng.randn(), 0.0

class Node:
    def __init__(self, n):
        self.links, self.bias, self.bias_wish = [Link() for _ in range(n)], rng.randn(), 0.0

layers = [[Node(2) for _ in range(3)], [Node(3)]]
rows = [((x, y), float(x * y > 0)) for x, y in rng.randn(6, 2)]

def s(z):
    return 1 / (1 + np.exp(-z))

def through(came):
    values = [list(came)]
    for layer in layers:
        values.append([s(sum(l.strength * v for l, v in zip(node.links, values[-1])) + node.bias) for node in layer])
    return values

def gather(came, wanted):
    values = through(came)
    missing = [wanted - values[2][0]]
    for k in (1, 0):
        slopes = [m * v * (1 - v) for m, v in zip(missing, values[k + 1])]
        for node, slope in zip(layers[k], slopes):
            node.bias_wish += slope
            for link, v in zip(node.links, values[k]):
                link.wish += slope * v
        missing = [sum(n.links[j].strength * d for n, d in zip(layers[k], slopes)) for j in range(len(values[k]))]

def grant(n):
    for layer in layers:
        for node in layer:
            node.bias += 0.7 * node.bias_wish / n
            node.bias_wish = 0.0
            for link in node.links:
                link.strength += 0.7 * link.wish / n
                link.wish = 0.0

def main():
    for epoch in range(50):
        for came, wanted in rows:
            gather(came, wanted)
        grant(len(rows))

if __name__ == "__main__":
    main()
"""

LISTS = """
from math import exp
net = {"in": [[0.3, -0.2], [0.5, 0.8], [-0.6, 0.1]], "in0": [0.1, -0.3, 0.2], "out": [0.7, -0.5, 0.4], "out0": [0.05]}
data = [[0.5, 1.0, 1], [1.0, -0.5, 0], [0.2, 0.4, 1], [-0.7, 0.6, 0]]

def act(v):
    return 1 / (1 + exp(-v))

def everything(net, line, pace):
    *came, goal = line
    mid = [act(sum(w * c for w, c in zip(row, came)) + z) for row, z in zip(net["in"], net["in0"])]
    out = act(sum(w * m for w, m in zip(net["out"], mid)) + net["out0"][0])
    top = (goal - out) * out * (1 - out)
    low = [top * w * m * (1 - m) for w, m in zip(net["out"], mid)]
    net["out"] = [w + pace * top * m for w, m in zip(net["out"], mid)]
    net["out0"] = [net["out0"][0] + pace * top]
    net["in"] = [[w + pace * d * c for w, c in zip(row, came)] for row, d in zip(net["in"], low)]
    net["in0"] = [z + pace * d for z, d in zip(net["in0"], low)]
    return net

for _ in range(100):
    for line in data:
        net = everything(net, line, 0.4)
"""

MOMENTUM = """
import numpy as np

class Learner:
    def __init__(self, a, b, c):
        r = np.random.RandomState(1)
        self.stuff = dict(A=r.randn(a, b), p=np.zeros(b), B=r.randn(b, c), q=np.zeros(c))
        self.speed = {k: np.zeros_like(v) for k, v in self.stuff.items()}

    def go(self, X, T, eta=0.2, mu=0.9, turns=30):
        for _ in range(turns):
            H = np.tanh(X @ self.stuff["A"] + self.stuff["p"])
            E = np.exp(H @ self.stuff["B"] + self.stuff["q"])
            D = (E / E.sum(1, keepdims=True) - T) / len(X)
            G = (D @ self.stuff["B"].T) * (1 - H ** 2)
            down = dict(A=X.T @ G, p=G.sum(0), B=H.T @ D, q=D.sum(0))
            for k in self.stuff:
                self.speed[k] = mu * self.speed[k] - eta * down[k]
                self.stuff[k] += self.speed[k]

if __name__ == "__main__":
    r = np.random.RandomState(2)
    where = r.randn(12, 3)
    Learner(3, 4, 2).go(where, np.eye(2)[(where.sum(1) > 0).astype(int)])
"""

BUFFERS = """
import math, random
from dataclasses import dataclass, field

@dataclass
class Net:
    inner: list
    inner_off: list
    outer: list
    outer_off: float
    g_inner: list = field(default_factory=lambda: [[0.0] * 2 for _ in range(3)])
    g_inner_off: list = field(default_factory=lambda: [0.0] * 3)
    g_outer: list = field(default_factory=lambda: [0.0] * 3)
    g_outer_off: float = 0.0

    def add(self, spot, goal, share):
        h = [1 / (1 + math.exp(-(w[0] * spot[0] + w[1] * spot[1] + o))) for w, o in zip(self.inner, self.inner_off)]
        y = 1 / (1 + math.exp(-(sum(v * k for v, k in zip(self.outer, h)) + self.outer_off)))
        d = (y - goal) * y * (1 - y) * share
        self.g_outer_off += d
        for k in range(3):
            self.g_outer[k] += d * h[k]
            e = d * self.outer[k] * h[k] * (1 - h[k])
            self.g_inner_off[k] += e
            self.g_inner[k][0] += e * spot[0]
            self.g_inner[k][1] += e * spot[1]

    def apply(self, pace):
        for k in range(3):
            self.outer[k] -= pace * self.g_outer[k]
            self.inner_off[k] -= pace * self.g_inner_off[k]
            for j in range(2):
                self.inner[k][j] -= pace * self.g_inner[k][j]
        self.outer_off -= pace * self.g_outer_off
        self.g_inner, self.g_inner_off = [[0.0] * 2 for _ in range(3)], [0.0] * 3
        self.g_outer, self.g_outer_off = [0.0] * 3, 0.0

rng = random.Random(4)
net = Net([[rng.random() for _ in range(2)] for _ in range(3)], [0.1] * 3, [rng.random() for _ in range(3)], 0.2)
spots = [((rng.random(), rng.random()), rng.randint(0, 1)) for _ in range(5)]
for _ in range(40):
    for spot, goal in spots:
        net.add(spot, goal, 1 / len(spots))
    net.apply(0.3)
"""

UNTIL = """
import numpy as np
np.random.seed(5)
points = np.random.randn(30, 2)
answers = (points @ [1.0, -2.0] > np.random.randn(30)).astype(float)
slope, off, pace = np.zeros(2), 0.0, 0.5
miss, last = 1.0, 2.0
while last - miss > 1e-6:
    guess = 1 / (1 + np.exp(-(points @ slope + off)))
    last, miss = miss, -np.mean(answers * np.log(guess) + (1 - answers) * np.log(1 - guess))
    slope = slope - pace * points.T @ (guess - answers) / len(points)
    off = off - pace * np.mean(guess - answers)
    if last < miss:
        break
"""

CELLS = """
# %%
import numpy as np
np.random.seed(0)
samples = np.random.randn(8, 2)
goal = np.random.rand(8, 1)

# %%
syn0, syn1 = np.random.randn(2, 3), np.random.randn(3, 1)
off0, off1 = np.zeros((1, 3)), np.zeros((1, 1))

# %%
for step in range(200):
    l1 = 1 / (1 + np.exp(-(samples @ syn0 + off0)))
    l2 = 1 / (1 + np.exp(-(l1 @ syn1 + off1)))
    l2_delta = (goal - l2) * l2 * (1 - l2)
    l1_delta = l2_delta @ syn1.T * l1 * (1 - l1)
    syn1 += l1.T @ l2_delta
    off1 += l2_delta.sum(axis=0, keepdims=True)
    syn0 += samples.T @ l1_delta
    off0 += l1_delta.sum(axis=0, keepdims=True)

# %%
print(np.abs(goal - l2).mean())
"""

SUMMED = """
import numpy as np
g = np.random.RandomState(0)
V, v, U, u = g.randn(3, 2), g.randn(3, 1), g.randn(1, 3), g.randn(1, 1)
cols, goals = g.randn(2, 7), g.rand(1, 7)

def sig(z):
    return 1 / (1 + np.exp(-z))

for epoch in range(60):
    tV, tv, tU, tu = 0 * V, 0 * v, 0 * U, 0 * u
    for i in range(cols.shape[1]):
        x = cols[:, i:i + 1]
        h = sig(V @ x + v)
        y = sig(U @ h + u)
        e = (y - goals[:, i:i + 1]) * y * (1 - y)
        f = (U.T @ e) * h * (1 - h)
        tU, tu, tV, tv = tU + e @ h.T, tu + e, tV + f @ x.T, tv + f
    V, v, U, u = V - 0.2 * tV / 7, v - 0.2 * tv / 7, U - 0.2 * tU / 7, u - 0.2 * tu / 7
"""

RATE_INSIDE = """
import numpy as np

class Box:
    def __init__(self):
        g = np.random.RandomState(7)
        self.first, self.second = g.randn(3, 3), g.randn(4, 1)  # the last row is the bias's

    def both(self, x):
        h = 1 / (1 + np.exp(-np.append(x, 1.0) @ self.first))
        return h, 1 / (1 + np.exp(-np.append(h, 1.0) @ self.second))

    def tell(self, x, t):
        h, y = self.both(x)
        above = 0.3 * (t - y) * y * (1 - y)
        below = self.second[:3] @ above * h * (1 - h)
        self.second += np.outer(np.append(h, 1.0), above)
        self.first += np.outer(np.append(x, 1.0), below)

def main():
    g, box = np.random.RandomState(8), Box()
    for x, t in zip(g.randn(40, 2), g.rand(40)):
        box.tell(x, t)

main()
"""

OWN_DATA = """
import numpy as np

def main(units=6, rounds=25, lr=0.05):
    g = np.random.default_rng(0)
    images = g.normal(size=(20, 5))
    labels = g.integers(0, 3, 20)
    P1, c1 = g.normal(size=(5, units)) * 0.4, np.zeros(units)
    P2, c2 = g.normal(size=(units, 3)) * 0.4, np.zeros(3)
    for r in range(rounds):
        mid = np.tanh(images @ P1 + c1)
        e = np.exp(mid @ P2 + c2)
        back = e / e.sum(axis=1, keepdims=True)
        back[np.arange(20), labels] -= 1
        back /= 20
        under = back @ P2.T * (1 - mid * mid)
        P2 -= lr * mid.T @ back
        c2 -= lr * back.sum(axis=0)
        P1 -= lr * images.T @ under
        c1 -= lr * under.sum(axis=0)

if __name__ == "__main__":
    main()
"""

SCALARS = """
import math
w1, w2, w3, w4, w5, w6, w7, w8, w9 = 0.1, -0.4, 0.3, 0.8, -0.2, 0.5, 0.6, -0.7, 0.9
b1, b2, b3, b4 = 0.1, 0.2, -0.3, 0.05

def f(z):
    return 1 / (1 + math.exp(-z))

def learn(x1, x2, y):
    global w1, w2, w3, w4, w5, w6, w7, w8, w9, b1, b2, b3, b4
    h1, h2, h3 = f(w1 * x1 + w2 * x2 + b1), f(w3 * x1 + w4 * x2 + b2), f(w5 * x1 + w6 * x2 + b3)
    o = f(w7 * h1 + w8 * h2 + w9 * h3 + b4)
    d = (o - y) * o * (1 - o)
    d1, d2, d3 = d * w7 * h1 * (1 - h1), d * w8 * h2 * (1 - h2), d * w9 * h3 * (1 - h3)
    w7, w8, w9, b4 = w7 - 0.5 * d * h1, w8 - 0.5 * d * h2, w9 - 0.5 * d * h3, b4 - 0.5 * d
    w1, w2, b1 = w1 - 0.5 * d1 * x1, w2 - 0.5 * d1 * x2, b1 - 0.5 * d1
    w3, w4, b2 = w3 - 0.5 * d2 * x1, w4 - 0.5 * d2 * x2, b2 - 0.5 * d2
    w5, w6, b3 = w5 - 0.5 * d3 * x1, w6 - 0.5 * d3 * x2, b3 - 0.5 * d3

for _ in range(100):
    for x1, x2, y in [(0.5, 1.0, 1), (1.0, -0.5, 0), (0.2, 0.4, 1)]:
        learn(x1, x2, y)
"""

PROGRAMS = (
    Watched("neuron objects", NEURONS, "self.push -= pace * blame", "self.push -= pace * blame * self.out"),
    Watched("wishes, then steps", WISHES, "[m * v * (1 - v) for", "[m * v for"),
    Watched("one function over lists", LISTS, "z + pace * d for", "z + pace * top for"),
    Watched("momentum from zero", MOMENTUM, "* (1 - H ** 2)", "* (1 - H)", TANH),
    Watched("dataclass with buffers", BUFFERS, "* self.outer[k] * h[k] *", "* h[k] *"),
    Watched("while not content", UNTIL, "np.mean(guess - answers)", "np.sum(guess - answers)", ONE),
    Watched("cells of a notebook", CELLS, "* l1 * (1 - l1)", ""),
    Watched("summed before the step", SUMMED, "tv + f", "tv + e"),
    Watched("the rate inside the delta", RATE_INSIDE, "(t - y) * y * (1 - y)", "(t - y)"),
    Watched("main with data of its own", OWN_DATA, "back @ P2.T *", "back @ P2.T @ P2 @ P2.T *", WIDE),
    Watched("a number by number", SCALARS, "d * w8 * h2", "d * w7 * h2"),
)
