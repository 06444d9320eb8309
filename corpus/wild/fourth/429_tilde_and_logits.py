import numpy as np


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(probs, targets):
    return -(targets * np.log(probs)).sum(axis=1)


def grad_tanh(tanh_results):
    return 1 - tanh_results**2


class MLP:
    def __init__(self, input_size, hidden_size, nb_classes, learning_rate=0.5):
        rng = np.random.RandomState(0)
        self.nb_classes = nb_classes
        self.w_hidden = rng.randn(input_size, hidden_size)
        self.b_hidden = np.zeros(hidden_size)
        self.w_output = rng.randn(hidden_size, nb_classes)
        self.b_output = np.zeros(nb_classes)
        self.learning_rate = learning_rate

    def forward(self, x):
        h_tilde = np.dot(x, self.w_hidden) + self.b_hidden
        h = np.tanh(h_tilde)
        logits = np.dot(h, self.w_output) + self.b_output
        probs = softmax(logits)
        return h_tilde, h, logits, probs

    def fit(self, inputs, targets, train=True):
        outputs = self.forward(inputs)
        probs = outputs[-1]
        if train:
            self.backward(inputs, targets, *outputs)
        return cross_entropy(probs, np.eye(self.nb_classes)[targets]).mean()

    def backward(self, inputs, targets, h_tilde, h, logits, probs):
        batch_size = len(inputs)
        grad_logits = probs - np.eye(self.nb_classes)[targets]
        grad_wo = np.dot(h.T, grad_logits) / batch_size
        grad_bo = np.sum(grad_logits, axis=0) / batch_size

        grad_h = np.dot(grad_logits, self.w_output.T)
        grad_htilde = grad_h * grad_tanh(h)
        grad_wh = np.dot(inputs.T, grad_htilde) / batch_size
        grad_bh = np.sum(grad_h, axis=0) / batch_size

        self.w_output = self.w_output - self.learning_rate * grad_wo
        self.b_output = self.b_output - self.learning_rate * grad_bo
        self.w_hidden = self.w_hidden - self.learning_rate * grad_wh
        self.b_hidden = self.b_hidden - self.learning_rate * grad_bh

    def accuracy(self, inputs, targets):
        return np.mean(self.forward(inputs)[-1].argmax(axis=1) == targets)
