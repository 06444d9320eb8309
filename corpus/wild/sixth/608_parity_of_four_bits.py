import numpy as np

EPOCHS = 50000
RATE = 0.01


def load():
    units = 5
    X = np.array([[i >> 3 & 1, i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(16)])
    odd = (X.sum(axis=1) % 2).reshape(-1, 1)
    w1 = np.random.randn(X.shape[1], units)
    w2 = np.random.randn(units, odd.shape[1])
    return X, odd, w1, w2


def run(X, w1, w2):
    Z1 = X.dot(w1)
    H = 1 / (1 + np.exp(-Z1))
    Z2 = H.dot(w2)
    out = 1 / (1 + np.exp(-Z2))
    return out, H


def slope_w1(w2, H, X, delta_out):
    delta_hid = delta_out.dot(w2.T) * H * (1 - H)
    return X.T.dot(delta_hid)


def slope_w2(wanted, out, rate, H):
    delta_out = (out - wanted) * rate
    return H.T.dot(delta_out), delta_out


def log_cost(out, wanted):
    value = (-1 / len(wanted)) * (wanted * np.log(out) + (1 - wanted) * np.log(1 - out))
    return value.sum()


def share_right(out, wanted):
    P = (out > 0.5).astype(int)
    return (P == wanted).sum() / len(wanted)


def main():
    X, wanted, w1, w2 = load()
    costs = []
    for epoch in range(EPOCHS):
        out, H = run(X, w1, w2)
        c = log_cost(out, wanted)
        print('Right: %s cost: %s' % (str(share_right(out, wanted)), str(c)))
        costs.append(c)
        change, delta_out = slope_w2(wanted, out, RATE, H)
        w2 -= change
        w1 -= slope_w1(w2, H, X, delta_out)


if __name__ == '__main__':
    main()
