import numpy as np


def ramp(x):
    return (x > 0) * x


def ramp_slope(output):
    return output > 0


lights = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 1, 1]])
walk = np.array([[1, 1, 0, 0]]).T
rng = np.random.RandomState(1)
alpha = 0.2
weights_0_1 = 2 * rng.random_sample((3, 4)) - 1
weights_1_2 = 2 * rng.random_sample((4, 1)) - 1
rounds = 30

for _ in range(rounds):
    error = 0
    for i in range(len(lights)):
        layer_0 = lights[i : i + 1]
        layer_1 = ramp(np.dot(layer_0, weights_0_1))
        layer_2 = np.dot(layer_1, weights_1_2)
        error += np.sum((layer_2 - walk[i : i + 1]) ** 2)
        delta_2 = walk[i : i + 1] - layer_2
        delta_1 = delta_2.dot(weights_1_2.T) * ramp_slope(layer_1)
        weights_1_2 += alpha * layer_1.T.dot(delta_2)
        weights_0_1 += alpha * layer_0.T.dot(delta_1)
    print(error)
