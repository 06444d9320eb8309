import math


def output_errors(output, target):
    errors = []
    for i in range(len(output)):
        errors.append(output[i] * (1 - output[i]) * (target[i] - output[i]))
    return errors


def hidden_errors(err_output, hidden, weight_ho):
    errors = []
    for i in range(1, len(hidden)):
        total = 0.0
        for j in range(len(err_output)):
            total += err_output[j] * weight_ho[j * len(hidden) + i]
        errors.append(hidden[i] * (1 - hidden[i]) * total)
    return errors


def change(eta, momentum, error, value, last):
    return eta * error * value + momentum * last


def update_weights(eta, momentum, weight, error, layer, prev):
    if not prev:
        prev = [0] * len(weight)
    for i in range(len(layer)):
        for j in range(len(error)):
            at = i + j * len(layer)
            delta = change(eta, momentum, error[j], layer[i], prev[at])
            weight[at] += delta
            prev[at] = delta
    return weight, prev


def fired(weight, layer, n_out):
    sums = [sum(weight[i + j * len(layer)] * layer[i] for i in range(len(layer))) for j in range(n_out)]
    return [1 / (1 + math.exp(-s)) for s in sums]


def one_step(inputs, target, weight_ih, weight_ho, prev_ih, prev_ho, eta=0.1, momentum=0.9):
    first = [1, *inputs]
    hidden = [1, *fired(weight_ih, first, len(weight_ih) // len(first))]
    output = fired(weight_ho, hidden, len(target))
    eo = output_errors(output, target)
    eh = hidden_errors(eo, hidden, weight_ho)
    weight_ho, prev_ho = update_weights(eta, momentum, weight_ho, eo, hidden, prev_ho)
    weight_ih, prev_ih = update_weights(eta, momentum, weight_ih, eh, first, prev_ih)
    return weight_ih, weight_ho, prev_ih, prev_ho
