import math


def dot(v, w):
    return sum(v_i * w_i for v_i, w_i in zip(v, w))


def squared_distance(v, w):
    difference = [v_i - w_i for v_i, w_i in zip(v, w)]
    return dot(difference, difference)


def step_of(v, gradient, step_size):
    return [v_i + step_size * g_i for v_i, g_i in zip(v, gradient)]


def sigmoid(t):
    return 1 / (1 + math.exp(-t))


def neuron_output(weights, inputs):
    return sigmoid(dot(weights, inputs))


def feed_forward(neural_network, input_vector):
    outputs = []
    for layer in neural_network:
        with_one = input_vector + [1]
        output = [neuron_output(neuron, with_one) for neuron in layer]
        outputs.append(output)
        input_vector = output
    return outputs


def squared_error_gradients(network, input_vector, target_vector):
    hidden, outputs = feed_forward(network, input_vector)

    out_deltas = [o * (1 - o) * (o - t) for o, t in zip(outputs, target_vector)]
    out_grads = [[out_deltas[i] * h for h in hidden + [1]] for i, _ in enumerate(network[-1])]

    hid_deltas = [h * (1 - h) * dot(out_deltas, [n[i] for n in network[-1]])
                     for i, h in enumerate(hidden)]
    hid_grads = [[hid_deltas[i] * x for x in input_vector + [1]] for i, _ in enumerate(network[0])]
    return [hid_grads, out_grads]


def entrenar(network, X_train, y_train, learning_rate=0.3, epochs=2):
    for epoch in range(epochs):
        epoch_loss = 0.0
        for x, y in zip(X_train, y_train):
            predicted = feed_forward(network, x)[-1]
            epoch_loss += squared_distance(predicted, y)
            gradients = squared_error_gradients(network, x, y)
            network = [[step_of(neuron, grad, -learning_rate) for neuron, grad in zip(layer, layer_grad)]
                       for layer, layer_grad in zip(network, gradients)]
        print("distancia de error:", epoch_loss)
    return network
