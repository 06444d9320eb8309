import numpy as np
from corpus.wild.helpers import sigmoid, softmax


def gradient(m, W1, b1, W2, b2, X, T):
    m.hidden_weights, m.hidden_bias, m.output_weights, m.output_bias = W1, b1, W2, b2
    dWo, dBo, dWh, dBh = m.backpropagation(X, T)
    return dWh, dBh, dWo, dBo


def loss(m, W1, b1, W2, b2, X, T):
    return -(T * np.log(softmax(sigmoid(X @ W1 + b1) @ W2 + b2))).sum()
