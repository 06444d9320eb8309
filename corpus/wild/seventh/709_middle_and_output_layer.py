import numpy as np

width = 0.01
eta = 0.1


class MiddleLayer:
    def __init__(self, n_before, n):
        self.w = width * np.random.randn(n_before, n)
        self.b = width * np.random.randn(n)

    def forward(self, x):
        self.x = x
        u = np.dot(x, self.w) + self.b
        self.y = 1 / (1 + np.exp(-u))

    def backward(self, grad_y):
        delta = grad_y * (1 - self.y) * self.y
        self.grad_w = np.dot(self.x.T, delta)
        self.grad_b = np.sum(delta, axis=0)
        self.grad_x = np.dot(delta, self.w.T)

    def update(self, eta):
        self.w -= eta * self.grad_w
        self.b -= eta * self.grad_b


class LastLayer:
    def __init__(self, n_before, n):
        self.w = width * np.random.randn(n_before, n)
        self.b = width * np.random.randn(n)

    def forward(self, x):
        self.x = x
        u = np.dot(x, self.w) + self.b
        self.y = np.exp(u) / np.sum(np.exp(u), axis=1, keepdims=True)

    def backward(self, t):
        delta = self.y - t
        self.grad_w = np.dot(self.x.T, delta)
        self.grad_b = np.sum(delta, axis=0)
        self.grad_x = np.dot(delta, self.w.T)

    def update(self, eta):
        self.w -= eta * self.grad_w
        self.b -= eta * self.grad_b


def train_over(inputs, wanted, middle, last, epochs):
    for i in range(epochs):
        order = np.arange(len(inputs))
        np.random.shuffle(order)
        total = 0
        for k in order:
            x, t = inputs[k].reshape(1, -1), wanted[k].reshape(1, -1)
            middle.forward(x)
            last.forward(middle.y)
            last.backward(t)
            middle.backward(last.grad_x)
            middle.update(eta)
            last.update(eta)
            total += - np.sum(t * np.log(last.y + 1e-7))
        print("Epoch:" + str(i), "Error:" + str(total / len(inputs)))


if __name__ == '__main__':
    grid = np.array([[a, b] for a in np.arange(-1, 1.1, 0.5) for b in np.arange(-1, 1.1, 0.5)])
    under = grid[:, 1] < np.sin(np.pi * grid[:, 0])
    train_over(grid, np.eye(2)[under.astype(int)], MiddleLayer(2, 6), LastLayer(6, 2), 20)
