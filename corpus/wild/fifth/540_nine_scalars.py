import numpy as np


def sig(x):
    return 1 / (1 + np.exp(-x))


def sig_deriv(x):
    fx = sig(x)
    return fx * (1 - fx)


def mean_squares(y_true, y_hat):
    return ((y_true - y_hat) ** 2).mean()


class SmallNetwork:
    def __init__(self):
        self.w1 = np.random.normal()
        self.w2 = np.random.normal()
        self.w3 = np.random.normal()
        self.w4 = np.random.normal()
        self.w5 = np.random.normal()
        self.w6 = np.random.normal()

        self.b1 = np.random.normal()
        self.b2 = np.random.normal()
        self.b3 = np.random.normal()

    def run(self, x):
        h1 = sig(self.w1 * x[0] + self.w2 * x[1] + self.b1)
        h2 = sig(self.w3 * x[0] + self.w4 * x[1] + self.b2)
        return sig(self.w5 * h1 + self.w6 * h2 + self.b3)

    def train(self, data, all_y, rate=0.1, epochs=1000):
        for epoch in range(epochs):
            for x, y in zip(data, all_y):
                s1 = self.w1 * x[0] + self.w2 * x[1] + self.b1
                h1 = sig(s1)
                s2 = self.w3 * x[0] + self.w4 * x[1] + self.b2
                h2 = sig(s2)
                s_out = self.w5 * h1 + self.w6 * h2 + self.b3
                y_hat = sig(s_out)

                dL_dy = -2 * (y - y_hat)

                # output neuron
                dy_dw5 = h1 * sig_deriv(s_out)
                dy_dw6 = h2 * sig_deriv(s_out)
                dy_db3 = sig_deriv(s_out)
                dy_dh1 = self.w5 * sig_deriv(s_out)
                dy_dh2 = self.w6 * sig_deriv(s_out)

                # hidden neurons
                dh1_dw1 = x[0] * sig_deriv(s1)
                dh1_dw2 = x[1] * sig_deriv(s1)
                dh1_db1 = sig_deriv(s1)
                dh2_dw3 = x[0] * sig_deriv(s2)
                dh2_dw4 = x[0] * sig_deriv(s2)
                dh2_db2 = sig_deriv(s2)

                self.w1 -= rate * dL_dy * dy_dh1 * dh1_dw1
                self.w2 -= rate * dL_dy * dy_dh1 * dh1_dw2
                self.b1 -= rate * dL_dy * dy_dh1 * dh1_db1

                self.w3 -= rate * dL_dy * dy_dh2 * dh2_dw3
                self.w4 -= rate * dL_dy * dy_dh2 * dh2_dw4
                self.b2 -= rate * dL_dy * dy_dh2 * dh2_db2

                self.w5 -= rate * dL_dy * dy_dw5
                self.w6 -= rate * dL_dy * dy_dw6
                self.b3 -= rate * dL_dy * dy_db3

            if epoch % 10 == 0:
                y_hats = np.apply_along_axis(self.run, 1, data)
                print('Epoch %d loss: %.3f' % (epoch, mean_squares(all_y, y_hats)))
