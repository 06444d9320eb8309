import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_d(x):
    s = sigmoid(x)
    return s * (1 - s)


def relu(x):
    return np.maximum(0.0, x)


def relu_d(x):
    dx = np.zeros(x.shape)
    dx[x >= 0] = 1
    return dx


def tanh(x):
    return np.tanh(x)


def tanh_d(x):
    e = np.exp(2 * x)
    return (e - 1) / (e + 1)


class Layer(object):
    def _prepare(self, input_shape, rng):
        """ Set up what is not known at __init__(). """
        pass

    def fprop(self, input):
        """ From input to output. """
        raise NotImplementedError()

    def bprop(self, output_grad):
        """ From the output's gradient to the input's. """
        raise NotImplementedError()

    def output_shape(self, input_shape):
        raise NotImplementedError()


class Full(Layer):
    def __init__(self, n_out, scale, decay=0.0):
        self.n_out = n_out
        self.scale = scale
        self.decay = decay

    def _prepare(self, input_shape, rng):
        self.W = rng.normal(size=(input_shape[1], self.n_out), scale=self.scale)
        self.b = np.zeros(self.n_out)

    def fprop(self, input):
        self.kept_input = input
        return np.dot(input, self.W) + self.b

    def bprop(self, output_grad):
        outer = self.kept_input[:, :, np.newaxis] * output_grad[:, np.newaxis, :]
        self.dW = np.mean(outer, axis=0) - self.decay * self.W
        self.db = np.mean(output_grad, axis=0)
        return np.dot(output_grad, self.W.T)

    def params(self):
        return self.W, self.b

    def increments(self):
        return self.dW, self.db

    def grads(self):
        # without the decay
        return self.dW + self.decay * self.W, self.db

    def output_shape(self, input_shape):
        return (input_shape[0], self.n_out)


class Activation(Layer):
    def __init__(self, kind):
        self.fun = {'sigmoid': sigmoid, 'relu': relu, 'tanh': tanh}[kind]
        self.fun_d = {'sigmoid': sigmoid_d, 'relu': relu_d, 'tanh': tanh_d}[kind]

    def fprop(self, input):
        self.kept_input = input
        return self.fun(input)

    def bprop(self, output_grad):
        return output_grad * self.fun_d(self.kept_input)

    def output_shape(self, input_shape):
        return input_shape


class SoftmaxLoss(Layer):
    def fprop(self, input):
        e = np.exp(input - np.amax(input, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)

    def input_grad(self, Y, Y_hat):
        return -(Y - Y_hat)

    def loss(self, Y, Y_hat):
        Y_hat = np.clip(Y_hat, 1e-15, 1 - 1e-15)
        return -np.sum(Y * np.log(Y_hat)) / Y.shape[0]

    def output_shape(self, input_shape):
        return input_shape


class LayeredNetwork:
    def __init__(self, layers, rng=None):
        self.layers = layers
        self.rng = np.random.RandomState(1) if rng is None else rng

    def _prepare(self, X):
        shape = X.shape
        for layer in self.layers:
            layer._prepare(shape, self.rng)
            shape = layer.output_shape(shape)

    def _fprop(self, X):
        for layer in self.layers:
            X = layer.fprop(X)
        return X

    def _bprop(self, X, Y):
        Y_hat = self._fprop(X)
        grad = self.layers[-1].input_grad(Y, Y_hat)
        for layer in reversed(self.layers[:-1]):
            grad = layer.bprop(grad)

    def fit(self, X, Y, rate=0.1, rounds=10):
        self._prepare(X)
        for _ in range(rounds):
            self._bprop(X, Y)
            for layer in self.layers:
                if isinstance(layer, Full):
                    for param, inc in zip(layer.params(), layer.increments()):
                        param -= rate * inc
        return self.loss(X, Y)

    def loss(self, X, Y):
        return self.layers[-1].loss(Y, self._fprop(X))
