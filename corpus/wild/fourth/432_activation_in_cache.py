import numpy as np


class Sigmoid():
    def value(self, x):
        return 1 / (1 + np.exp(-x))

    def grad(self, x):
        return self.value(x) * (1 - self.value(x))


class softmax():
    def value(self, x):
        return np.exp(x) / np.sum(np.exp(x), axis=0)

    def grad(self, x):
        return self.value(x) * (1 - self.value(x))


def forward(X, parameters, activation):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L + 1):
        W, b = parameters["W" + str(l)], parameters["b" + str(l)]
        Z = np.dot(W, A) + b
        used = activation if l < L else softmax()
        caches.append((A, W, b, Z, used))
        A = used.value(Z)
    return A, caches


class Backward:
    @staticmethod
    def cross_entropy_cost(Y, Y_pred, parameters, alpha):
        m = Y.shape[1]
        cost = -1 / m * np.sum(Y * np.log(Y_pred + 1e-6))
        squares = 0
        for key in parameters:
            if key.startswith("W"):
                squares += np.sum(np.square(parameters[key]))
        return cost + (alpha / (2 * m)) * squares

    def backward(self, Y, Y_pred, caches, loss_function, parameters, alpha):
        grads = {}
        L = len(caches)
        if loss_function == "cross_entropy":
            dAL = -(Y - Y_pred)
        elif loss_function == "mse":
            dAL = -(Y - Y_pred)

        grads["dA" + str(L)], grads["dW" + str(L)], grads["db" + str(L)] = self.layer_backward(
            dAL, caches[L - 1], caches[L - 1][-1].__class__.__name__, parameters, alpha)
        for l in reversed(range(L - 1)):
            dA_before, dW_here, db_here = self.layer_backward(
                grads["dA" + str(l + 2)], caches[l], caches[l][-1].__class__.__name__, parameters, alpha)
            grads["dA" + str(l + 1)] = dA_before
            grads["dW" + str(l + 1)] = dW_here
            grads["db" + str(l + 1)] = db_here
        return grads

    @staticmethod
    def layer_backward(dA, cache, kind, parameters, alpha):
        A_prev, W, b, Z = cache[:-1]
        if kind == Sigmoid().__class__.__name__:
            dZ = dA * Sigmoid().grad(Z)
        elif kind == softmax().__class__.__name__:
            dZ = dA * softmax().grad(Z)
        else:
            raise ValueError("Unsupported activation function")
        m = A_prev.shape[1]
        dW = 1 / m * np.dot(dZ, A_prev.T) + (alpha / m) * W
        db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
        dA_prev = np.dot(W.T, dZ)
        return dA_prev, dW, db
