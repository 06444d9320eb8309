import numpy as np


def adam(w, g, m, v, rate, turn):
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    m_hat = m / (1.0 - 0.9**turn)
    v_hat = v / (1.0 - 0.999**turn)
    return w - rate * m_hat / (np.sqrt(v_hat) + 1e-8), m, v


def glorot(rows, cols):
    return np.random.normal(scale=np.sqrt(2 / (rows + cols)), size=[rows, cols])


class TanhNN:
    def __init__(self, X, Y, widths):
        self.X = X  # N x P
        self.Y = Y  # N x Q
        self.widths = widths
        pairs = list(zip(widths, widths[1:]))
        self.weights = [glorot(p, q) for p, q in pairs]
        self.biases = [np.zeros([1, q]) for _, q in pairs]

    def loss_function(self):
        last = len(self.widths) - 2
        W, b = self.weights, self.biases

        S = [None] * (last + 1)
        A = [None] * (last + 1)
        S[0] = self.X
        A[0] = self.X
        for k in range(last):
            S[k + 1] = np.dot(A[k], W[k]) + b[k]
            A[k + 1] = np.tanh(S[k + 1])
        guess = np.dot(A[last], W[last]) + b[last]

        loss = 0.5 * np.sum((guess - self.Y) ** 2)

        # backward
        G = [None] * (last + 1)
        grad_W = [None] * (last + 1)
        grad_b = [None] * (last + 1)
        G[last] = guess - self.Y
        for k in range(last, 0, -1):
            grad_W[k] = np.dot(S[k].T, G[k])
            grad_b[k] = np.sum(G[k], axis=0)
            G[k - 1] = (1 - A[k] ** 2) * np.dot(G[k], W[k].T)
        grad_W[0] = np.dot(S[0].T, G[0])
        grad_b[0] = np.sum(G[0], axis=0)

        return loss, grad_W, grad_b, guess

    def train(self, turns, rate):
        moments = [[np.zeros(p.shape), np.zeros(p.shape)] for p in self.weights + self.biases]
        half = len(self.weights)
        for turn in range(1, turns + 1):
            loss, grad_W, grad_b, guess = self.loss_function()
            for k in range(half):
                self.weights[k], *moments[k] = adam(self.weights[k], grad_W[k], *moments[k], rate, turn)
                self.biases[k], *moments[half + k] = adam(self.biases[k], grad_b[k], *moments[half + k], rate, turn)
            if turn % 100 == 0:
                print("turn %d, loss %.5f" % (turn, loss))


if __name__ == "__main__":
    x = np.linspace(0, 1, 100)[:, None]
    net = TanhNN(x, np.sin(2 * np.pi * x), [1] + 4 * [10] + [1])
    net.train(1000, 1e-3)
