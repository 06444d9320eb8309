import math
import random


class NetNode:
    def __init__(self):
        self.val = 0.0
        self.error_signal = 0.0
        self.into = []
        self.out_of = []


class Connection:
    def __init__(self, source, to):
        self.source = source
        self.to = to
        self.weight = random.uniform(-1, 1)
        self.momentum = 0.0
        source.out_of.append(self)
        to.into.append(self)


class PatternANN:
    def __init__(self, n_in, hidden, n_out):
        self.input = [NetNode() for _ in range(n_in)]
        self.hidden = [[NetNode() for _ in range(n)] for n in hidden]
        self.output = [NetNode() for _ in range(n_out)]
        layers = [self.input, *self.hidden, self.output]
        self.connections = [Connection(f, t) for a, b in zip(layers, layers[1:]) for t in b for f in a]

    def predict(self, values):
        for node, v in zip(self.input, values):
            node.val = v
        for layer in [*self.hidden, self.output]:
            for node in layer:
                s = sum(con.source.val * con.weight for con in node.into)
                node.val = 1 / (1 + math.exp(-s))
        return [node.val for node in self.output]

    def backprop(self, feat, targ, max_iter, min_err, lr, mf):
        def errfn(weights):
            J = 0.0
            for x, t in zip(feat, targ):
                J += sum((wanted - p) ** 2 for wanted, p in zip(t, self.predict(x)))
            J /= 2.0
            R = sum(w**2 for w in weights) * 0.01 / len(weights)
            return J + R

        def run_pattern(exin, exout):
            prediction = self.predict(exin)
            # 1. the errors of the output nodes
            for node, wanted, p in zip(self.output, exout, prediction):
                node.error_signal = (wanted - p) * p * (1 - p)
            # 2. the weights of the output layer
            for node in self.output:
                self._change(node, lr, mf)
            for layer in self.hidden:
                # 3. the errors of the hidden layer
                for node in layer:
                    delt = sum(con.to.error_signal * con.weight for con in node.out_of)
                    node.error_signal = node.val * (1.0 - node.val) * delt
                # 4. its weights
                for node in layer:
                    self._change(node, lr, mf)

        for _ in range(max_iter):
            for x, t in zip(feat, targ):
                run_pattern(x, t)
            if errfn(self.weights()) < min_err:
                break
        return errfn(self.weights())

    def _change(self, node, lr, mf):
        for con in node.into:
            wd = lr * node.error_signal * con.source.val + mf * con.momentum
            con.weight += wd
            con.momentum = wd

    def weights(self):
        return [con.weight for con in self.connections]


if __name__ == "__main__":
    ann = PatternANN(3, [4, 3], 1)
    rows = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
    print(ann.backprop(rows, [[0], [1], [1], [0]], 2000, 0.05, 0.7, 0.3))
