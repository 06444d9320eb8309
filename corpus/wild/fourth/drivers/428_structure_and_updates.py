from corpus.wild.helpers import sigmoid, softmax, stepped, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        net = m.NeuralNetwork([2, 4, 3])
        return stepped(net, {"W[0]": W1, "W[1]": W2}, lambda o: o.back_propagate(x[None], t[None], 1, 0.1), 0.1)

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((softmax(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
