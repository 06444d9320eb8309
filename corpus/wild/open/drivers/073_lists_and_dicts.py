def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    w, b = [W1.T, W2.T, W3.T], [b1[:, None], b2[:, None], b3[:, None]]
    p, a = m.forward_prop(X, w, b)
    d_w, d_b = m.back_prop(T, p, a, w, b)
    return d_w[0].T, d_b[0][:, 0], d_w[1].T, d_b[1][:, 0], d_w[2].T, d_b[2][:, 0]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    w, b = [W1.T, W2.T, W3.T], [b1[:, None], b2[:, None], b3[:, None]]
    return -m.sum_error(T, m.forward_prop(X, w, b)[0])
