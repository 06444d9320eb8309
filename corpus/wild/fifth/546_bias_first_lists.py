import math
import random

N = 2
H = 3
K = 1


def draw_weights(H, N, K):
    hidden = [[random.uniform(-1, 1) for _ in range(N + 1)] for _ in range(H)]
    output = [[random.uniform(-1, 1) for _ in range(H + 1)] for _ in range(K)]
    return hidden, output


def sig(x):
    return 1 / (1 + math.exp(-x))


def answer(hidden_w, output_w, inputs):
    hidden = []
    for weights in hidden_w:
        total = weights[0]  # bias
        for i, value in enumerate(inputs):
            total += weights[i + 1] * value
        hidden.append(sig(total))
    final = []
    for weights in output_w:
        total = weights[0]
        for i, value in enumerate(hidden):
            total += weights[i + 1] * value
        final.append(sig(total))
    return final


def teach(hidden_w, output_w, inputs, targets, rate):
    # forward
    hidden = []
    for weights in hidden_w:
        total = weights[0]
        for i, value in enumerate(inputs):
            total += weights[i + 1] * value
        hidden.append(sig(total))
    final = []
    for weights in output_w:
        total = weights[0]
        for i, value in enumerate(hidden):
            total += weights[i + 1] * value
        final.append(sig(total))

    # output layer
    final_errors = [target - value for target, value in zip(targets, final)]
    for i, weights in enumerate(output_w):
        for j in range(len(weights)):
            if j == 0:
                into = 1
            else:
                into = hidden[j - 1]
            slope = final_errors[i] * final[i] * (1 - final[i]) * into
            weights[j] += rate * slope

    # hidden layer
    hidden_errors = [0] * len(hidden_w)
    for i in range(len(hidden_w)):
        error = 0
        for j, weights in enumerate(output_w):
            error += weights[i + 1] * final_errors[j]
        hidden_errors[i] = error * hidden[i] * (1 - hidden[i])
    for i, weights in enumerate(hidden_w):
        for j in range(len(weights)):
            if j == 0:
                into = 1
            else:
                into = inputs[j - 1]
            weights[j] += rate * hidden_errors[i] * into

    return hidden_w, output_w


def teach_all(hidden_w, output_w, lessons, rate, epochs):
    for epoch in range(epochs):
        for inputs, target in lessons:
            hidden_w, output_w = teach(hidden_w, output_w, inputs, [target], rate)
        print(f"Epoch {epoch + 1}")
    return hidden_w, output_w


lessons = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]

if __name__ == "__main__":
    hidden_w, output_w = draw_weights(H, N, K)
    teach_all(hidden_w, output_w, lessons, 0.1, 20000)
