from corpus.wild.helpers import summed


def filled(m, *P):
    net = m.ThreeLayerPerceptron(3, 4, 2)
    net.weights, net.biases = list(P[::2]), list(P[1::2])
    return net


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)

    def one(x, t):
        dW, db = net.backward(x, t, net.forward(x))
        return dW[0], db[0], dW[1], db[1], dW[2], db[2]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    return sum(net.loss(net.forward(x), t) for x, t in zip(X, T, strict=True))
