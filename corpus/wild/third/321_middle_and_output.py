import numpy as np

n_in, n_mid, n_out = 2, 4, 3
wb_width = 0.5
eta = 0.1
rng = np.random.RandomState(0)


# -- 継承元 --
class BaseLayer:
    def __init__(self, n_upper, n):
        self.w = wb_width * rng.standard_normal((n_upper, n))
        self.b = wb_width * rng.standard_normal(n)

    def update(self, eta):
        self.w -= eta * self.grad_w
        self.b -= eta * self.grad_b


# -- 中間層 --
class MiddleLayer(BaseLayer):
    def forward(self, x):
        self.x = x
        self.u = np.dot(x, self.w) + self.b
        self.y = np.where(self.u <= 0, 0, self.u)

    def backward(self, grad_y):
        d = grad_y * np.where(self.u <= 0, 0, 1)
        self.grad_w = self.x.T @ d
        self.grad_b = d.sum(axis=0)
        self.grad_x = d @ self.w.T


# -- 出力層 --
class OutputLayer(BaseLayer):
    def forward(self, x):
        self.x = x
        e = np.exp(np.dot(x, self.w) + self.b)
        self.y = e / np.sum(e, axis=1, keepdims=True)

    def backward(self, t):
        d = self.y - t
        self.grad_w = self.x.T @ d
        self.grad_b = d.sum(axis=0)
        self.grad_x = d @ self.w.T


middle_layer_1 = MiddleLayer(n_in, n_mid)
middle_layer_2 = MiddleLayer(n_mid, n_mid)
output_layer = OutputLayer(n_mid, n_out)


def forward_propagation(x):
    middle_layer_1.forward(x)
    middle_layer_2.forward(middle_layer_1.y)
    output_layer.forward(middle_layer_2.y)


def back_propagation(t):
    output_layer.backward(t)
    middle_layer_2.backward(output_layer.grad_x)
    middle_layer_1.backward(middle_layer_2.grad_x)


def update_wb():
    middle_layer_1.update(eta)
    middle_layer_2.update(eta)
    output_layer.update(eta)


def get_error(t, batch_size):
    return -np.sum(t * np.log(output_layer.y + 1e-7)) / batch_size
