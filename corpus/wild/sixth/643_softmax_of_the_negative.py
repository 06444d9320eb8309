import numpy as np


def with_ones(rows):
    out = np.ones(shape=(rows.shape[0], rows.shape[1] + 1))
    out[:, 1:] = rows
    return out


def logistic(x):
    return 1 / (1 + np.exp(-np.clip(x, -100, 100)))


def scaled_tanh(x):
    return 1.7159 * np.tanh((2.0 / 3.0) * x)


def softmax(x):
    e = np.exp(-np.clip(x, -100, 100))
    return e / e.sum(axis=1)[:, np.newaxis]


def entropy(Y, T):
    total = 0
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            if Y[i, j] == 0.0:
                Y[i, j] = 0.00001
            total += T[i, j] * np.log(Y[i, j])
    return total


class TwoLayers:
    W1 = np.array([])
    W2 = np.array([])
    step1 = np.array([])
    step2 = np.array([])
    X = np.array([])
    Z = np.array([])
    Y = np.array([])
    use_tanh = False

    def __init__(self, n1, n2, n3, use_tanh=False):
        self.W1 = np.random.normal(0, 0.1, size=(n1 + 1, n2))
        self.W2 = np.random.normal(0, 0.1, size=(n2 + 1, n3))
        self.step1 = np.zeros(self.W1.shape)
        self.step2 = np.zeros(self.W2.shape)
        self.use_tanh = use_tanh

    def run(self, rows):
        self.X = np.copy(rows)
        sums = np.matmul(self.X, self.W1)
        self.Z = scaled_tanh(sums) if self.use_tanh else logistic(sums)
        self.Z = with_ones(self.Z)
        self.Y = softmax(np.matmul(self.Z, self.W2))
        return self.Y

    def backprop(self, rows, labels, n, alpha):
        delta2 = np.subtract(self.run(rows), labels)
        inner = self.Z[:, 1:]
        if self.use_tanh:
            slope = (2.0 / 3.0) / 1.7159 * (1.7159 - inner) * (1.7159 + inner)
        else:
            slope = inner * (1 - inner)
        delta1 = np.multiply(slope, np.matmul(delta2, self.W2.T[:, 1:]))
        grad2 = np.matmul(np.transpose(self.Z), delta2)
        grad1 = np.matmul(np.transpose(self.X), delta1)
        self.step2 = alpha * self.step2 + n * grad2 / labels.shape[0]
        self.step1 = alpha * self.step1 + n * grad1 / labels.shape[0]
        self.W2 = self.W2 + self.step2
        self.W1 = self.W1 + self.step1

    def train(self, rows, labels, rounds=100, n0=0.001, T=100, batch=128, alpha=0.9):
        rows = with_ones(rows)
        for t in range(0, rounds):
            n = n0 / (1 + t / T)
            for at in range(0, len(rows), batch):
                self.backprop(rows[at:at + batch], labels[at:at + batch], n, alpha)
