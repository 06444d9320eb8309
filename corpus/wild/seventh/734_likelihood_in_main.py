import numpy as np

np.random.seed(1)


def go_forward(X, W1, b1, W2, b2):
    hid = 1 / (1 + np.exp(-X.dot(W1) - b1))
    A = hid.dot(W2) + b2
    e = np.exp(A)
    return e / e.sum(axis=1, keepdims=True), hid


def rate_of_hits(Y, P):
    n_right = 0
    for i in range(len(Y)):
        if Y[i] == P[i]:
            n_right += 1
    return float(n_right) / len(Y)


def deriv_w2(hid, T, Y):
    return hid.T.dot(T - Y)


def deriv_w1(X, hid, T, Y, W2):
    d_hid = (T - Y).dot(W2.T) * hid * (1 - hid)
    return X.T.dot(d_hid)


def deriv_b2(T, Y):
    return (T - Y).sum(axis=0)


def deriv_b1(T, Y, W2, hid):
    return ((T - Y).dot(W2.T) * hid * (1 - hid)).sum(axis=0)


def cost(T, Y):
    tot = T * np.log(Y)
    return tot.sum()


def fit(X, T, W1, b1, W2, b2, rate=10e-7, epochs=100000):
    costs = []
    for epoch in range(epochs):
        out, hid = go_forward(X, W1, b1, W2, b2)
        if epoch % 100 == 0:
            c = cost(T, out)
            print("cost:", c, "hits:", rate_of_hits(T.argmax(axis=1), out.argmax(axis=1)))
            costs.append(c)

        # uphill
        W2 += rate * deriv_w2(hid, T, out)
        b2 += rate * deriv_b2(T, out)
        W1 += rate * deriv_w1(X, hid, T, out, W2)
        b1 += rate * deriv_b1(T, out, W2, hid)
    return costs


if __name__ == '__main__':
    X = np.vstack([np.random.randn(20, 2) + shift for shift in ([0, -2], [2, 2], [-2, 2])])
    T = np.repeat(np.eye(3), 20, axis=0)
    fit(X, T, np.random.randn(2, 3), np.random.randn(3), np.random.randn(3, 3), np.random.randn(3), 1e-3, 200)
