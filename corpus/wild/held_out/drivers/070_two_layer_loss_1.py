def told(m, W1, b1, W2, b2, X, T, l2):
    net = m.TwoLayerNet(2, 4, 3)
    net.params.update(W1=W1, b1=b1, W2=W2, b2=b2)
    return net.loss(X, T.argmax(axis=1), l2)


def gradient(m, W1, b1, W2, b2, X, T, l2):
    grads = told(m, W1, b1, W2, b2, X, T, l2)[1]
    return grads["W1"], grads["b1"], grads["W2"], grads["b2"]


def loss(m, W1, b1, W2, b2, X, T, l2):
    return told(m, W1, b1, W2, b2, X, T, l2)[0]
