import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def deriv_sigmoid(x):
    fx = sigmoid(x)
    return fx * (1 - fx)


def mse_loss(y_true, y_pred):
    return ((y_true - y_pred) ** 2).mean()


class OurNeuralNetwork:
    def __init__(self):
        rng = np.random.RandomState(0)
        self.w1, self.w2, self.w3, self.w4, self.w5, self.w6 = rng.normal(size=6)
        self.b1, self.b2, self.b3 = rng.normal(size=3)

    def feedforward(self, x):
        h1 = sigmoid(self.w1 * x[0] + self.w2 * x[1] + self.b1)
        h2 = sigmoid(self.w3 * x[0] + self.w4 * x[1] + self.b2)
        return sigmoid(self.w5 * h1 + self.w6 * h2 + self.b3)

    def train(self, data, all_y_trues, learn_rate=0.1, epochs=1000):
        for epoch in range(epochs):
            for x, y_true in zip(data, all_y_trues):
                z1 = self.w1 * x[0] + self.w2 * x[1] + self.b1
                h1 = sigmoid(z1)
                z2 = self.w3 * x[0] + self.w4 * x[1] + self.b2
                h2 = sigmoid(z2)
                z3 = self.w5 * h1 + self.w6 * h2 + self.b3
                y_pred = sigmoid(z3)

                d_L = -2 * (y_true - y_pred)

                # o1
                slope3 = deriv_sigmoid(z3)
                d_ypred_d_w5 = h1 * slope3
                d_ypred_d_w6 = h2 * slope3
                d_ypred_d_h1 = self.w5 * slope3
                d_ypred_d_h2 = self.w6 * slope3

                # h1 and h2
                slope1 = deriv_sigmoid(z1)
                slope2 = deriv_sigmoid(z2)

                self.w1 -= learn_rate * d_L * d_ypred_d_h1 * x[0] * slope1
                self.w2 -= learn_rate * d_L * d_ypred_d_h1 * x[1] * slope1
                self.b1 -= learn_rate * d_L * d_ypred_d_h1 * slope1
                self.w3 -= learn_rate * d_L * d_ypred_d_h2 * x[0] * slope2
                self.w4 -= learn_rate * d_L * d_ypred_d_h2 * x[1] * slope2
                self.b2 -= learn_rate * d_L * d_ypred_d_h2 * slope2
                self.w5 -= learn_rate * d_L * d_ypred_d_w5
                self.w6 -= learn_rate * d_L * d_ypred_d_w6
                self.b3 -= learn_rate * d_L * slope3

            if epoch % 10 == 0:
                y_preds = np.apply_along_axis(self.feedforward, 1, data)
                print("Epoch %d loss: %.3f" % (epoch, mse_loss(all_y_trues, y_preds)))
