import numpy as np


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(probs, targets):
    return -(targets * np.log(probs)).sum(axis=1)


def grad_tanh(h):
    return 1 - h**2


class MLP:
    def __init__(self, input_size, hidden_size, nb_classes, learning_rate=0.5):
        rng = np.random.RandomState(0)
        self.nb_classes = nb_classes
        self.w_hid = rng.randn(input_size, hidden_size)
        self.b_hid = np.zeros(hidden_size)
        self.w_out = rng.randn(hidden_size, nb_classes)
        self.b_out = np.zeros(nb_classes)
        self.learning_rate = learning_rate

    def forward(self, x):
        h_tilde = np.dot(x, self.w_hid) + self.b_hid
        h = np.tanh(h_tilde)
        logits = np.dot(h, self.w_out) + self.b_out
        probs = softmax(logits)
        return h_tilde, h, logits, probs

    def fit(self, inputs, targets, train=True):
        outputs = self.forward(inputs)
        probs = outputs[-1]
        if train:
            self.backward(inputs, targets, *outputs)
        return cross_entropy(probs, np.eye(self.nb_classes)[targets]).mean()

    def backward(self, inputs, targets, h_tilde, h, logits, probs):
        n = len(inputs)
        g_logits = probs - np.eye(self.nb_classes)[targets]
        g_wo = np.dot(h.T, g_logits) / n
        g_bo = np.sum(g_logits, axis=0) / n

        g_h = np.dot(g_logits, self.w_out.T)
        g_htilde = g_h * grad_tanh(h)
        g_wh = np.dot(inputs.T, g_htilde) / n
        g_bh = np.sum(g_h, axis=0) / n

        self.w_out = self.w_out - self.learning_rate * g_wo
        self.b_out = self.b_out - self.learning_rate * g_bo
        self.w_hid = self.w_hid - self.learning_rate * g_wh
        self.b_hid = self.b_hid - self.learning_rate * g_bh

    def accuracy(self, inputs, targets):
        return np.mean(self.forward(inputs)[-1].argmax(axis=1) == targets)
