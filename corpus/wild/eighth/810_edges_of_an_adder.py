import math
import random


class Node:
    def __init__(self, name):
        self.name = name
        self.depth = 0
        self.sum = 0.0
        self.output = 1.0

    def add_to_sum(self, value, weight):
        self.sum += value * weight

    def threshold(self):
        self.output = 1.0 if self.sum >= 0 else 0.0

    def logit(self):
        self.output = 1 / (1 + math.exp(-self.sum))


class EdgeNetwork:
    def __init__(self):
        self.weights = {}
        self.children = {}
        self.parents = {}
        self.at_depth = {0: []}
        self.network_depth = 0

    def add_vertex(self, node):
        if node in self.children:
            return
        self.children[node] = []
        if node.depth not in self.at_depth:
            self.at_depth[node.depth] = []
            self.network_depth += 1
        self.at_depth[node.depth].append(node)

    def add_edge(self, origin, destination, weight):
        destination.depth = origin.depth + 1
        self.add_vertex(origin)
        self.add_vertex(destination)
        self.children[origin].append(destination)
        self.parents.setdefault(destination, []).append(origin)
        self.weights[origin, destination] = weight

    def train(self, data, multilayer):
        for depth in range(self.network_depth + 1):
            for node in self.at_depth[depth]:
                if depth != 0:
                    node.logit() if multilayer else node.threshold()
                else:
                    for child in self.children[node]:
                        child.add_to_sum(node.output, self.weights[node, child])
        if multilayer:
            self.update_by_derivative(data)
        else:
            self.update(data)

    def update(self, goals):
        for goal, child in zip(goals, self.at_depth[self.network_depth]):
            error = goal - child.output
            for parent in self.parents[child]:
                self.weights[parent, child] += error * parent.output
            child.sum = 0.0

    def update_by_derivative(self, goals):
        for goal, child in zip(goals, self.at_depth[self.network_depth]):
            error = child.output - goal
            for parent in self.parents[child]:
                derivative = child.output * (1 - child.output)
                adjustment = error * derivative
                self.weights[parent, child] = self.weights[parent, child] + adjustment * parent.output
            child.sum = 0.0


if __name__ == "__main__":
    bits, sums = [Node("a"), Node("b"), Node("one")], [Node("sum"), Node("carry")]
    net = EdgeNetwork()
    for bit in bits:
        for s in sums:
            net.add_edge(bit, s, random.uniform(-1, 1))
    for turn in range(400):
        a, b = turn % 2, turn // 2 % 2
        bits[0].output, bits[1].output = a, b
        net.train([a ^ b, a & b], True)
