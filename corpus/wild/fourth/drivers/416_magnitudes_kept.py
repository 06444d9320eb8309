from corpus.wild.helpers import stepped


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"weights1": W1, "bias1": b1[None], "weights2": W2, "bias2": b2[None]}
    g = stepped(m.NeuralNetwork(3, 3, 1), given, lambda o: o.backward(X, T, *o.forward(X), 0.1), 0.1)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    net = m.NeuralNetwork(3, 3, 1)
    net.weights1, net.bias1, net.weights2, net.bias2 = W1, b1[None], W2, b2[None]
    return m.mse(T, net.forward(X)[0])
