import numpy as np


class InertNet:
    n_layers = 0
    shape = None
    weights = []

    def __init__(self, sizes):
        self.n_layers = len(sizes) - 1
        self.shape = sizes
        self._ins = []
        self._outs = []
        self._previous = []
        self.weights = []
        for (a, b) in zip(sizes[:-1], sizes[1:]):
            self.weights.append(np.random.normal(scale=0.1, size=(b, a + 1)))
            self._previous.append(np.zeros((b, a + 1)))

    def squash(self, v, derivative=False):
        if derivative == False:
            return 1 / (1 + np.exp(-v))
        else:
            return self.squash(v) * (1 - self.squash(v))

    def Run(self, input):
        n = input.shape[0]
        self._ins = []
        self._outs = []
        for i in range(self.n_layers):
            if i == 0:
                net = self.weights[0].dot(np.vstack([input.T, np.ones([1, n])]))
            else:
                net = self.weights[i].dot(np.vstack([self._outs[-1], np.ones([1, n])]))
            self._ins.append(net)
            self._outs.append(self.squash(net))
        return self._outs[-1].T

    def TrainEpoch(self, input, target, rate=0.2, momentum=0.5):
        delta = []
        n = input.shape[0]
        self.Run(input)

        for i in reversed(range(self.n_layers)):
            if i == self.n_layers - 1:
                miss = self._outs[i] - target.T
                error = np.sum(miss ** 2)
                delta.append(miss * self.squash(self._ins[i], True))
            else:
                back = self.weights[i - 1].T.dot(delta[-1])
                delta.append(back[:-1, :] * self.squash(self._ins[i], True))

        for i in range(self.n_layers):
            k = self.n_layers - 1 - i
            if i == 0:
                before = np.vstack([input.T, np.ones([1, n])])
            else:
                before = np.vstack([self._outs[i - 1], np.ones([1, n])])
            slope = np.sum(before[None, :, :].transpose(2, 0, 1) * delta[k][None, :, :].transpose(2, 1, 0), axis=0)
            step = rate * slope + momentum * self._previous[i]
            self.weights[i] -= step
            self._previous[i] = step
        return error
