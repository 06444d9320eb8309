def forward(m, W1, b1, W2, b2, X, T):
    m.dense1.weights, m.dense1.biases = W1, b1[None]
    m.dense2.weights, m.dense2.biases = W2, b2[None]
    m.dense1.forward(X)
    m.activation1.forward(m.dense1.output)
    m.dense2.forward(m.activation1.output)
    return m.loss_activation.forward(m.dense2.output, T.argmax(axis=1))


def gradient(m, W1, b1, W2, b2, X, T):
    forward(m, W1, b1, W2, b2, X, T)
    m.loss_activation.backward(m.loss_activation.output, T.argmax(axis=1))
    m.dense2.backward(m.loss_activation.dinputs)
    m.activation1.backward(m.dense2.dinputs)
    m.dense1.backward(m.activation1.dinputs)
    return m.dense1.dweights, m.dense1.dbiases[0], m.dense2.dweights, m.dense2.dbiases[0]


def loss(m, W1, b1, W2, b2, X, T):
    return forward(m, W1, b1, W2, b2, X, T)
