import math
import random

h = 4  # hidden nodes
rate = 0.1


def squash(x):
    return 1 / (1 + math.exp(-x))


def predict(w_hidden, w_out, point):
    inputs = [1] + point
    hidden = []
    for i in range(h):
        hidden.append(squash(sum(w_hidden[i][j] * inputs[j] for j in range(len(inputs)))))
    hidden = [1] + hidden
    outs = []
    for k in range(3):
        outs.append(squash(sum(w_out[k][j] * hidden[j] for j in range(len(hidden)))))
    return outs


def train(w_hidden, w_out, point, target, rate):
    inputs = [1] + point

    # forward
    hidden = []
    for i in range(h):
        hidden.append(squash(sum(w_hidden[i][j] * inputs[j] for j in range(len(inputs)))))
    with_one = [1] + hidden
    outs = []
    for k in range(3):
        outs.append(squash(sum(w_out[k][j] * with_one[j] for j in range(len(with_one)))))

    # output layer
    deltas = []
    for k in range(3):
        error = target[k] - outs[k]
        deltas.append(error * outs[k] * (1 - outs[k]))
        for j in range(len(with_one)):
            w_out[k][j] += rate * deltas[k] * with_one[j]

    # hidden layer
    for i in range(h):
        error = sum(w_out[k][i + 1] * deltas[k] for k in range(3))
        delta = error * hidden[i] * (1 - hidden[i])
        for j in range(len(inputs)):
            w_hidden[i][j] += rate * delta * inputs[j]

    return w_hidden, w_out


def one_epoch(w_hidden, w_out, points, targets):
    for point, target in zip(points, targets):
        w_hidden, w_out = train(w_hidden, w_out, point, target, rate)
    return w_hidden, w_out


if __name__ == "__main__":
    random.seed(42)
    points = [[random.random() for _ in range(3)] for _ in range(30)]
    targets = [[int(p.index(max(p)) == k) for k in range(3)] for p in points]
    w_hidden = [[random.uniform(-1, 1) for _ in range(4)] for _ in range(h)]
    w_out = [[random.uniform(-1, 1) for _ in range(h + 1)] for _ in range(3)]
    for e in range(50):
        w_hidden, w_out = one_epoch(w_hidden, w_out, points, targets)
        total = 0
        for point, target in zip(points, targets):
            outs = predict(w_hidden, w_out, point)
            total += sum((target[k] - outs[k]) ** 2 for k in range(3))
    print(f"average error {total / len(points):.4f}")
