import numpy as np


def fc_forward(z, W, b):
    return np.dot(z, W) + b


def fc_backward(next_dz, W, z):
    n = z.shape[0]
    dz = np.dot(next_dz, W.T)  # 当前层的梯度
    dw = np.dot(z.T, next_dz)
    db = np.sum(next_dz, axis=0)
    return dw / n, db / n, dz


def tanh_forward(z):
    return np.tanh(z)


def tanh_backward(next_dz):
    return 1 - np.square(np.tanh(next_dz))


def cross_entropy_loss(y_predict, y_true):
    e = np.exp(y_predict - np.max(y_predict, axis=-1, keepdims=True))
    prob = e / np.sum(e, axis=-1, keepdims=True)
    loss = np.mean(np.sum(-y_true * np.log(prob), axis=-1))
    return loss, prob - y_true


rng = np.random.RandomState(0)
weights = {"W1": rng.standard_normal((2, 4)), "b1": np.zeros(4), "W2": rng.standard_normal((4, 3)), "b2": np.zeros(3)}
nodes = {}
gradients = {}


def forward(X):
    nodes["z1"] = X
    nodes["z2"] = fc_forward(X, weights["W1"], weights["b1"])
    nodes["z2_tanh"] = tanh_forward(nodes["z2"])
    nodes["y"] = fc_forward(nodes["z2_tanh"], weights["W2"], weights["b2"])
    return nodes["y"]


def backward(y_true):
    loss, dy = cross_entropy_loss(nodes["y"], y_true)
    gradients["W2"], gradients["b2"], d_tanh = fc_backward(dy, weights["W2"], nodes["z2_tanh"])
    gradients["z2"] = tanh_backward(d_tanh)
    gradients["W1"], gradients["b1"], _ = fc_backward(gradients["z2"], weights["W1"], nodes["z1"])
    return loss
