class Neuron:
    def __init__(self, num_weights, learning_rate):
        self.weights = [0] * (num_weights + 1)
        self.learning_rate = learning_rate

    def predict(self, x):
        x = x + [1]
        if len(x) != len(self.weights):
            return None
        y = 0
        for i in range(len(self.weights)):
            y += x[i] * self.weights[i]
        return y

    def update_w(self, x, y_):
        y = self.predict(x)
        if y is None:
            return
        x = x + [1]
        error = y - y_
        for i in range(len(self.weights)):
            self.weights[i] += -error * self.learning_rate * x[i]
