import random
from math import exp

UNITS = [1, 1]
rate = .5
NET = []  # layer, unit, weights to the units of the next layer


def init_new(config=[1, 1], learn_rate=.5):
    global UNITS, rate, NET
    UNITS = config
    rate = learn_rate
    NET = []
    for l in range(0, len(UNITS) - 1):
        rows = []
        for u in range(0, UNITS[l] + 1):  # one more for the bias, the last
            rows.append([random.random() * 4 * (random.randint(0, 1) * 2 - 1) for w in range(0, UNITS[l + 1])])
        NET.append(rows)


def o(x):
    return (exp(x) - exp(-x)) / (exp(x) + exp(-x))


def der_o(x):
    return 4 / (exp(x) + exp(-x)) ** 2


def forward_cycle(input_layer):
    input_layer += [1]  # the bias
    outputs = [input_layer]
    for l in range(1, len(UNITS)):
        layer = [0] * UNITS[l] + [1]
        for u in range(0, UNITS[l]):
            net = 0
            for k in range(0, UNITS[l - 1] + 1):
                net += outputs[l - 1][k] * NET[l - 1][k][u]
            layer[u] = o(net)
        outputs.append(layer)
    return outputs


def train_net(input_layer, expected):
    results = forward_cycle(input_layer)
    deltas = []

    # the output layer
    layer = []
    for u in range(UNITS[-1]):
        layer.append((expected[u] - results[-1][u]) * der_o(results[-1][u]))
    deltas.append(layer)

    # those before it
    for l in range(len(UNITS) - 2, -1, -1):
        layer = []
        for u in range(UNITS[l]):
            error_term = 0
            for w in range(len(NET[l][u])):
                error_term += NET[l][u][w] * deltas[-1][w]
            layer.append(der_o(results[l][u]) * error_term)
        deltas.append(layer)
    deltas = deltas[::-1]

    adjusts = []
    for l in range(0, len(UNITS) - 1):
        row = []
        for i in range(0, len(results[l])):
            row.append([rate * deltas[l + 1][j] * results[l][i] for j in range(0, UNITS[l + 1])])
        adjusts.append(row)

    for l in range(0, len(adjusts)):
        for i in range(0, len(adjusts[l])):
            for j in range(0, len(adjusts[l][i])):
                NET[l][i][j] += adjusts[l][i][j]
