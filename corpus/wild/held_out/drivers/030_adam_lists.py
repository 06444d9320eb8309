def net_of(m, W1, b1, W2, b2):
    net = m.Network(2, [4], 3)
    net.weights, net.biases = [W1, W2], [b1[None], b2[None]]
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = net_of(m, W1, b1, W2, b2)
    net.feedforward(X)
    g = net.backpropagation(X, T)
    return g["dW"][0], g["dB"][0][0], g["dW"][1], g["dB"][1][0]


def loss(m, W1, b1, W2, b2, X, T):
    net = net_of(m, W1, b1, W2, b2)
    net.feedforward(X)
    return net.loss_function(T, net.activations[-1])
