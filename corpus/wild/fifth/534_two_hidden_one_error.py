import math
import random


def logsig(net):
    return 1 / (1 + math.exp(-net))


def xor_net(coef=0.5, iterations=10000):
    patterns = [[0, 0], [0, 1], [1, 0], [1, 1]]
    wanted = [0, 1, 1, 0]
    bias = -1
    [pattern.append(bias) for pattern in patterns]

    w_a = [random.random() for e in range(len(patterns[0]))]
    w_b = [random.random() for e in range(len(patterns[0]))]
    w_out = [random.random() for e in range(3)]

    for iteration in range(iterations):
        found = []
        for pattern, want in zip(patterns, wanted):
            # hidden neurons
            act_a = logsig(sum(x * w for x, w in zip(pattern, w_a)))
            act_b = logsig(sum(x * w for x, w in zip(pattern, w_b)))

            # output neuron
            into_out = [act_a, act_b, bias]
            act_out = logsig(sum(x * w for x, w in zip(into_out, w_out)))

            # errors
            err_out = (want - act_out) * act_out * (1 - act_out)
            err_a = act_a * (1 - act_a) * w_out[0] * err_out
            err_b = act_b * (1 - act_b) * w_out[1] * err_out

            # learning
            w_out = [w + x * coef * err_out for w, x in zip(w_out, into_out)]
            w_a = [w + x * coef * err_out for w, x in zip(w_a, pattern)]
            w_b = [w + x * coef * err_out for w, x in zip(w_b, pattern)]

            found.append(act_out)
    print(["%.2f" % e for e in found])
    return w_a, w_b, w_out
