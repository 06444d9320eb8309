def fill(m, *parameters):
    layers = (m.middle_layer_1, m.middle_layer_2, m.output_layer)
    for layer, w, b in zip(layers, parameters[::2], parameters[1::2], strict=True):
        layer.w, layer.b = w, b
    return layers


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    layers = fill(m, W1, b1, W2, b2, W3, b3)
    m.forward_propagation(X)
    m.back_propagation(T)
    return tuple(g for layer in layers for g in (layer.grad_w, layer.grad_b))


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    fill(m, W1, b1, W2, b2, W3, b3)
    m.forward_propagation(X)
    return m.get_error(T, len(X))
