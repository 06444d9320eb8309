import numpy as np

points = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
goal = np.array([[0, 1, 1, 0]]).T
rng = np.random.RandomState(0)
synapse_0 = 2 * rng.random_sample((2, 4)) - 1
synapse_1 = 2 * rng.random_sample((4, 1)) - 1
rounds = 100

for _ in range(rounds):
    layer_1 = 1 / (1 + np.exp(-np.dot(points, synapse_0)))
    layer_2 = 1 / (1 + np.exp(-np.dot(layer_1, synapse_1)))
    delta_2 = (goal - layer_2) * (layer_2 * (1 - layer_2))
    delta_1 = np.dot(delta_2, synapse_1.T) * (layer_1 * (1 - layer_1))
    synapse_0 += np.dot(points.T, delta_1)
    synapse_1 += np.dot(layer_1.T, delta_2)
