import numpy as np


def fc_forward(x, w, b):
    return x @ w + b, (x, w, b)


def fc_backward(grad_out, cache):
    x, w, b = cache
    return grad_out @ w.T, x.T @ grad_out, grad_out.sum(axis=0)


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(grad_out, cache):
    return grad_out * (cache > 0)


class TwoLayerNet:
    def __init__(self, input_dim=3072, num_classes=10, hidden_dim=512, weight_scale=1e-3):
        rng = np.random.RandomState(0)
        self.elems = {}
        self.elems["weight1"] = weight_scale * rng.standard_normal((input_dim, hidden_dim))
        self.elems["bias1"] = np.zeros(hidden_dim)
        self.elems["weight2"] = weight_scale * rng.standard_normal((hidden_dim, num_classes))
        self.elems["bias2"] = np.zeros(num_classes)

    def parameters(self):
        return self.elems

    def forward(self, X):
        l1, l1_cache = fc_forward(X, self.elems["weight1"], self.elems["bias1"])
        relu1, relu1_cache = relu_forward(l1)
        scores, l2_cache = fc_forward(relu1, self.elems["weight2"], self.elems["bias2"])
        return scores, (l1_cache, relu1_cache, l2_cache)

    def backward(self, grad_scores, cache):
        grads = {}
        l1_cache, relu1_cache, l2_cache = cache
        d_relu, grads["weight2"], grads["bias2"] = fc_backward(grad_scores, l2_cache)
        d_l1 = relu_backward(d_relu, relu1_cache)
        _, grads["weight1"], grads["bias1"] = fc_backward(d_l1, l1_cache)
        return grads
