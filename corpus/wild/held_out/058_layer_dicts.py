import numpy as np


class Network:
    def __init__(self, sizes, rate):
        rng = np.random.RandomState(0)
        self.rate = rate
        self.layers = [{"values": None}]
        for a, b in zip(sizes, sizes[1:]):
            self.layers.append({"weights": rng.uniform(-1, 1, (a, b)), "bias": rng.uniform(-1, 1, b)})

    def train(self, data, labels):
        self.layers = forward_propagation(self.layers, data)
        self.layers = backpropagation(self.layers, labels, self.rate)


def forward_propagation(layers, inputs):
    layers[0]["values"] = inputs
    for k in range(1, len(layers)):
        layers[k]["before"] = layers[k]["bias"] + layers[k - 1]["values"] @ layers[k]["weights"]
        layers[k]["values"] = 1 / (1 + np.exp(-layers[k]["before"]))
    return layers


def slope(layer):
    a = 1 / (1 + np.exp(-layer["before"]))
    return a * (1 - a)


def calculate_error(last, labels, batch_size):
    return (1 / batch_size) * np.sum((last["values"] - labels) ** 2, axis=0)


def backpropagation(layers, labels, rate):
    last_delta = None
    layers_new = np.copy(layers)
    for k in range(len(layers) - 1, 0, -1):
        if k == len(layers) - 1:
            delta = layers[k]["values"] - labels
            for_weights = np.transpose(layers[k - 1]["values"]) @ delta
        else:
            delta = layers[k + 1]["weights"] @ np.transpose(last_delta) * np.transpose(slope(layers[k]))
            for_weights = np.transpose(layers[k - 1]["values"]) @ np.transpose(delta)
        for_bias = np.sum(delta)
        layers_new[k]["weights"] = layers[k]["weights"] - rate * for_weights
        layers_new[k]["bias"] = layers[k]["bias"] - rate * for_bias
        last_delta = delta
    return layers_new
