import numpy as np


class SimpleMLP:
    def __init__(self, n_inputs, n_hidden, n_outputs, lr=0.5, seed=1):
        rng = np.random.RandomState(seed)
        self.W1 = rng.uniform(-1.0, 1.0, (n_inputs, n_hidden))
        self.b1 = np.zeros((1, n_hidden))
        self.W2 = rng.uniform(-1.0, 1.0, (n_hidden, n_outputs))
        self.b2 = np.zeros((1, n_outputs))
        self.lr = lr

    def sigmoid(self, x):
        return 1.0 / (1.0 + np.exp(-x))

    def sigmoid_deriv(self, y):
        return y * (1 - y)

    def forward(self, X):
        Z1 = X.dot(self.W1) + self.b1
        A1 = self.sigmoid(Z1)
        Z2 = A1.dot(self.W2) + self.b2
        return Z1, A1, Z2, self.sigmoid(Z2)

    def train(self, X, y, epochs=10000, print_every=1000):
        for epoch in range(1, epochs + 1):
            Z1, A1, Z2, A2 = self.forward(X)
            error = y - A2
            loss = np.mean(np.square(error))

            delta2 = error * self.sigmoid_deriv(A2)
            gradW2 = A1.T.dot(delta2)
            gradb2 = np.sum(delta2, axis=0, keepdims=True)
            delta1 = delta2.dot(self.W2.T) * self.sigmoid_deriv(A1)
            gradW1 = X.T.dot(delta1)
            gradb1 = np.sum(delta1, axis=0, keepdims=True)

            # error = y - salida: por eso se suma
            self.W2 += self.lr * gradW2
            self.b2 += self.lr * gradb2
            self.W1 += self.lr * gradW1
            self.b1 += self.lr * gradb1

            if (epoch % print_every) == 0:
                print("Época", epoch, "loss", loss)

    def predict(self, X, threshold=0.5):
        return (self.forward(X)[3] >= threshold).astype(int)
