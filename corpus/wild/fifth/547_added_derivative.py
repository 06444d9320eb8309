import numpy as np

n_hid = 5
n_in = 4
n_out = 4
n_sample = 300
rate = 0.01
momentum = 0.9

np.random.seed(0)


def sig(x):
    return 1.0 / (1.0 + np.exp(-x))


def tanh_slope(x):
    return 1 - (np.tanh(x) ** 2)


# x: inputs, t: their complement, P and Q: the layers, bp and bq: biases
def one_step(x, t, P, Q, bp, bq):
    # forward
    A = np.dot(x, P) + bp
    Z = np.tanh(A)
    B = np.dot(Z, Q) + bq
    Y = sig(B)

    # backward
    Eq = Y - t
    Ep = tanh_slope(A) + np.dot(Q, Eq)

    dQ = np.outer(Z, Eq)
    dP = np.outer(x, Ep)

    # cross entropy
    loss = -np.mean(t * np.log(Y)) + (1 - t) * np.log(1 - Y)
    return loss, (dP, dQ, Ep, Eq)


def guess(x, P, Q, bp, bq):
    return (sig(np.dot(np.tanh(np.dot(x, P) + bp), Q) + bq) > 0.5).astype(int)


P = np.random.normal(scale=0.1, size=(n_in, n_hid))
Q = np.random.normal(scale=0.1, size=(n_hid, n_out))
bp = np.zeros(n_hid)
bq = np.zeros(n_out)
params = [P, Q, bp, bq]


def train(X, T, epochs=100):
    for epoch in range(epochs):
        err = []
        upd = [0] * len(params)
        for i in range(X.shape[0]):
            loss, grad = one_step(X[i], T[i], *params)
            for j in range(len(params)):
                params[j] -= upd[j]
            for j in range(len(params)):
                upd[j] = rate * grad[j] + momentum * upd[j]
            err.append(loss)
        print("Epoch: {0}, loss: {1}".format(epoch, np.mean(err)))


if __name__ == "__main__":
    X = np.random.binomial(1, 0.5, (n_sample, n_in))
    train(X, X ^ 1)
