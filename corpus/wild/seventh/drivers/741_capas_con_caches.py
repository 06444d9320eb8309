def filled(m, W1, b1, W2, b2, W3, b3):
    net = m.CapasPorNombre([3, 4, 4, 3], ["relu", "tanh", "softmax"])
    net.pesos, net.sesgos = [W1.T, W2.T, W3.T], [b1[:, None], b2[:, None], b3[:, None]]
    return net


def gradient(m, *arguments):
    *parameters, X, T = arguments
    net = filled(m, *parameters)
    g = net.atras(net.adelante(X.T), T.T)
    return [part for i in (1, 2, 3) for part in (g[f"dW{i}"].T, g[f"db{i}"][:, 0])]


def loss(m, *arguments):
    *parameters, X, T = arguments
    net = filled(m, *parameters)
    return float(net._costo(net.adelante(X.T)["A3"], T.T))
