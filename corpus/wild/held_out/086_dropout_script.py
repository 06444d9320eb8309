import numpy as np

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0, 1, 1, 0]]).T
alpha, hidden_dim, dropped, dropping = 0.5, 4, 0.2, True
synapse_0 = 2 * np.random.random((3, hidden_dim)) - 1
synapse_1 = 2 * np.random.random((hidden_dim, 1)) - 1
rounds = 50

for _ in range(rounds):
    layer_1 = 1 / (1 + np.exp(-np.dot(X, synapse_0)))
    if dropping:
        layer_1 *= np.random.binomial([np.ones((len(X), hidden_dim))], 1 - dropped)[0] * (1.0 / (1 - dropped))
    layer_2 = 1 / (1 + np.exp(-np.dot(layer_1, synapse_1)))
    delta_2 = (layer_2 - y) * (layer_2 * (1 - layer_2))
    delta_1 = delta_2.dot(synapse_1.T) * (layer_1 * (1 - layer_1))
    synapse_1 -= alpha * layer_1.T.dot(delta_2)
    synapse_0 -= alpha * X.T.dot(delta_1)
