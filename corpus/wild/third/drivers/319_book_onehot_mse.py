def filled(m, W1, b1, W2, b2):
    model = m.NeuralNetMLP(2, 4, 3)
    model.weight_h, model.bias_h, model.weight_out, model.bias_out = W1.T, b1, W2.T, b2
    return model


def gradient(m, W1, b1, W2, b2, X, T):
    model = filled(m, W1, b1, W2, b2)
    dw_out, db_out, dw_h, db_h = model.backward(X, *model.forward(X), T.argmax(axis=1))
    return dw_h.T, db_h, dw_out.T, db_out


def loss(m, W1, b1, W2, b2, X, T):
    return m.mse_loss(T.argmax(axis=1), filled(m, W1, b1, W2, b2).forward(X)[1], 3)
