import random
from math import exp

UNITS = [2, 3, 2]
learning_rate = 0.5
NET = []


def init(seed=0):
    random.seed(seed)
    NET.clear()
    for layer in range(len(UNITS) - 1):
        NET.append([[random.uniform(-1, 1) for _ in range(UNITS[layer + 1])] for _ in range(UNITS[layer] + 1)])


def bend(z):
    return (exp(z) - exp(-z)) / (exp(z) + exp(-z))


def bend_slope(z):
    return 4 / (exp(z) + exp(-z)) ** 2


def forward_cycle(values):
    outputs = [[*values, 1]]
    for layer in range(1, len(UNITS)):
        row = [0] * UNITS[layer] + [1]
        for u in range(UNITS[layer]):
            net = 0
            for v in range(UNITS[layer - 1] + 1):
                net += outputs[layer - 1][v] * NET[layer - 1][v][u]
            row[u] = bend(net)
        outputs.append(row)
    return outputs


def train_net(values, expected):
    results = forward_cycle(values)
    deltas = [[(expected[u] - results[-1][u]) * bend_slope(results[-1][u]) for u in range(UNITS[-1])]]
    for layer in range(len(UNITS) - 2, -1, -1):
        row = []
        for u in range(UNITS[layer]):
            term = 0
            for w in range(len(NET[layer][u])):
                term += NET[layer][u][w] * deltas[-1][w]
            row.append(bend_slope(results[layer][u]) * term)
        deltas.append(row)
    deltas = deltas[::-1]
    for layer in range(len(UNITS) - 1):
        for i in range(len(results[layer])):
            for j in range(UNITS[layer + 1]):
                NET[layer][i][j] += learning_rate * deltas[layer + 1][j] * results[layer][i]


init()
