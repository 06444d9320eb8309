import math
import random


class LeakyRelu:
    def __init__(self):
        self.last_inputs = None

    def forward(self, inputs):
        outputs = [0.0] * len(inputs)
        for i in range(len(inputs)):
            if inputs[i] < 0:
                outputs[i] = 0.01 * inputs[i]
            else:
                outputs[i] = inputs[i]
        self.last_inputs = inputs
        return outputs

    def backwards(self, grads):
        outputs = [0.0] * len(grads)
        for i in range(len(self.last_inputs)):
            if self.last_inputs[i] < 0:
                grads[i] = 0.01 * grads[i]
            else:
                outputs[i] = grads[i]
        return outputs


class FlatLayer:
    """weight of input i to output o at i * O + o; a batch is one flat list, too"""

    def __init__(self, I, O):
        self.I, self.O = I, O
        self.weights = [random.gauss(0, 0.2) for _ in range(I * O)]
        self.last_inputs = None

    def forward(self, inputs):
        I, O = self.I, self.O
        batch_size = len(inputs) // I
        outputs = [0.0] * (batch_size * O)
        for b in range(batch_size):
            for o in range(O):
                for i in range(I):
                    outputs[b * O + o] += inputs[b * I + i] * self.weights[O * i + o]
        self.last_inputs = inputs
        return outputs

    def backwards(self, grads):
        I, O = self.I, self.O
        batch_size = len(self.last_inputs) // I
        weight_grads = [0.0] * (I * O)
        input_grads = [0.0] * (batch_size * I)
        for b in range(batch_size):
            for i in range(I):
                for o in range(O):
                    weight_grads[i * O + o] += grads[b * O + o] * self.last_inputs[b * I + i] / batch_size
                    input_grads[b * I + i] += grads[b * O + o] * self.weights[i * O + o]
        return weight_grads, input_grads

    def apply_gradients(self, grads):
        for i in range(self.I * self.O):
            self.weights[i] -= 0.01 * grads[i]


def nll(inputs, targets, I):
    """losses and gradients of the scores; targets are numbers of classes"""
    losses, input_grads = [], [0.0] * len(inputs)
    for b, target in enumerate(targets):
        e = [math.exp(v) for v in inputs[b * I : (b + 1) * I]]
        losses.append(-math.log(e[target] / sum(e)))
        for i in range(I):
            input_grads[b * I + i] = e[i] / sum(e) - (1 if i == target else 0)
    return losses, input_grads


def one_batch(layer1, relu, layer2, inputs, targets):
    scores = layer2.forward(relu.forward(layer1.forward(inputs)))
    losses, grads = nll(scores, targets, layer2.O)
    grads2, back = layer2.backwards(grads)
    grads1, _ = layer1.backwards(relu.backwards(back))
    layer1.apply_gradients(grads1)
    layer2.apply_gradients(grads2)
    return sum(losses) / len(losses)


if __name__ == "__main__":
    random.seed(123)
    net = FlatLayer(4, 8), LeakyRelu(), FlatLayer(8, 3)
    labels = [n % 3 for n in range(30)]
    values = [random.gauss(label, 1) for label in labels for _ in range(4)]
    for turn in range(50):
        print(one_batch(*net, values, labels))
