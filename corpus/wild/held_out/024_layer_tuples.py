import numpy as np

logistic = (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a))


def ramp_slope(a):
    a[a <= 0] = 0
    a[a > 0] = 1
    return a


ramp = (lambda z: z * (z > 0), ramp_slope)


def squared(guess, real):
    return np.mean((np.array(guess) - np.array(real)) ** 2), np.array(guess) - np.array(real)


class Layer:
    def __init__(self, n_before, n, act):
        rng = np.random.RandomState(n)
        self.act = act
        self.b = rng.standard_normal((1, n))
        self.W = rng.standard_normal((n_before, n))


def build():
    return [Layer(2, 3, ramp), Layer(3, 4, ramp), Layer(4, 1, logistic)]


def train_once(X, Y, net, lr=0.01):
    output = [X]
    for layer in net:
        output.append(layer.act[0](output[-1] @ layer.W + layer.b))
    delta = []
    for k in reversed(range(len(net))):
        a = output[k + 1]
        if k == len(net) - 1:
            delta.append(squared(a, Y)[1] * net[k].act[1](a))
        else:
            delta.append(delta[-1] @ before * net[k].act[1](a))
        before = net[k].W.transpose()
        net[k].b = net[k].b - np.mean(delta[-1], axis=0, keepdims=True) * lr
        net[k].W = net[k].W - output[k].transpose() @ delta[-1] * lr
    return output[-1]
