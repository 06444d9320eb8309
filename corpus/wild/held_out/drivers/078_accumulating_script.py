import numpy as np
from corpus.wild.helpers import relu, softmax


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    weights, biases = {"W1": W1, "W2": W2, "W3": W3}, {"b1": b1[None], "b2": b2[None], "b3": b3[None]}
    end = m.run(data=X, wanted=T, weights=weights, biases=biases, batch_size=len(X), epochs=1)
    dW = [(weights[k] - end["weights"][k]) / 0.1 for k in weights]
    db = [(biases[k] - end["biases"][k])[0] / 0.1 for k in biases]
    return dW[0], db[0], dW[1], db[1], dW[2], db[2]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return -(T * np.log(softmax(relu(relu(X @ W1 + b1) @ W2 + b2) @ W3 + b3))).sum() / len(X)
