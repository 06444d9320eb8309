import numpy as np
from corpus.wild.helpers import sigmoid, softmax


def gradient(m, W1, b1, W2, b2, X, T):
    middle, last = m.MiddleLayer(2, 4), m.LastLayer(4, 3)
    middle.w, middle.b, last.w, last.b = W1, b1, W2, b2
    middle.forward(X)
    last.forward(middle.y)
    last.backward(T)
    middle.backward(last.grad_x)
    return middle.grad_w, middle.grad_b, last.grad_w, last.grad_b


def loss(m, W1, b1, W2, b2, X, T):
    return -(T * np.log(softmax(sigmoid(X @ W1 + b1) @ W2 + b2))).sum()
