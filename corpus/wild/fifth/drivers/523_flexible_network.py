import numpy as np
from corpus.wild.helpers import stepped


def gradient(m, W1, W2, X, T):
    return stepped(m.Sleep_Network(), {"W1": W1, "W2": W2}, lambda o: o.train(X, T), 1.0)


def loss(m, W1, W2, X, T):
    net = m.Sleep_Network()
    net.W1, net.W2 = W1, W2
    return np.mean(np.square(T - net.forward(X)))
