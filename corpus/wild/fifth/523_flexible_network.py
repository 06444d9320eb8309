import numpy as np

# hours of sleep and of study, marks
X = np.array(([2, 9], [1, 5], [3, 6]), dtype=float)
y = np.array(([92], [86], [89]), dtype=float)
X = X / np.amax(X, axis=0)
y = y / 100


class Sleep_Network(object):
    def __init__(self):
        self.n_input = 2
        self.n_output = 1
        self.n_hidden = 3
        self.W1 = np.random.randn(self.n_input, self.n_hidden)
        self.W2 = np.random.randn(self.n_hidden, self.n_output)

    def forward(self, X):
        self.z = np.dot(X, self.W1)
        self.z2 = self.sigmoid(self.z)
        self.z3 = np.dot(self.z2, self.W2)
        return self.sigmoid(self.z3)

    def sigmoid(self, s):
        return 1 / (1 + np.exp(-s))

    def sigmoid_slope(self, s):
        return s * (1 - s)

    def backward(self, X, y, o):
        self.o_error = y - o
        self.o_delta = self.o_error * self.sigmoid_slope(o)

        self.z2_error = self.o_delta.dot(self.W2.T)  # how much the hidden layer contributed
        self.z2_delta = self.z2_error * self.sigmoid_slope(self.z2)

        self.W1 += X.T.dot(self.z2_delta)
        self.W2 += self.z2.T.dot(self.o_delta)

    def train(self, X, y):
        o = self.forward(X)
        self.backward(X, y, o)


if __name__ == "__main__":
    net = Sleep_Network()
    for i in range(1000):
        print("Loss: " + str(np.mean(np.square(y - net.forward(X)))))
        net.train(X, y)
