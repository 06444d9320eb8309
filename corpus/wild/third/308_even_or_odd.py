import math
import random

LEARNING_RATE = 0.1


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def slope(a):
    return a * (1 - a)


def cost(x):
    return x * x


def der_cost(x):
    return 2 * x


def feedforward(x, w1, w2, b1, b2):
    h = sigmoid((x * w1) + b1)
    return h, sigmoid((h * w2) + b2)


def backprop(q_set, a_set, w1, w2, b1, b2):
    pick = random.randint(0, len(q_set) - 1)
    q, a = q_set[pick], a_set[pick]
    h, guess = feedforward(q, w1, w2, b1, b2)

    grad_y = der_cost(guess - a)
    grad_h = grad_y * w2

    delta_w2 = grad_y * slope(guess) * w2 * LEARNING_RATE
    delta_w1 = grad_h * slope(h) * w1 * LEARNING_RATE
    delta_b2 = grad_y * slope(guess) * LEARNING_RATE
    delta_b1 = grad_h * slope(h) * LEARNING_RATE
    return delta_b1, delta_b2, delta_w1, delta_w2


def train(q_set, a_set, rounds=10000):
    w1, w2, b1, b2 = 2 * random.random() - 1, 2 * random.random() - 1, 0, 0
    for _ in range(rounds):
        db1, db2, dw1, dw2 = backprop(q_set, a_set, w1, w2, b1, b2)
        w1, w2, b1, b2 = w1 - dw1, w2 - dw2, b1 - db1, b2 - db2
    return w1, w2, b1, b2
