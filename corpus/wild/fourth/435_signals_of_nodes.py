import math
import random

import numpy as np


class NeuralNetwork:
    def __init__(self, numInput, numHidden, numOutput, seed):
        self.ni = numInput
        self.nh = numHidden
        self.no = numOutput
        self.inNodes = np.zeros(shape=[self.ni], dtype=np.float32)
        self.hidNodes = np.zeros(shape=[self.nh], dtype=np.float32)
        self.outNodes = np.zeros(shape=[self.no], dtype=np.float32)
        self.inHidWeights = np.zeros(shape=[self.ni, self.nh], dtype=np.float32)
        self.hidOutWeights = np.zeros(shape=[self.nh, self.no], dtype=np.float32)
        self.hidBiases = np.zeros(shape=[self.nh], dtype=np.float32)
        self.outBiases = np.zeros(shape=[self.no], dtype=np.float32)
        self.rnd = random.Random(seed)
        self.setWeights([0.02 * self.rnd.random() - 0.01 for _ in range(self.totalWeights())])

    def totalWeights(self):
        return (self.ni * self.nh) + (self.nh * self.no) + self.nh + self.no

    def setWeights(self, weights):
        idx = 0
        for i in range(self.ni):
            for j in range(self.nh):
                self.inHidWeights[i, j] = weights[idx]
                idx += 1
        for j in range(self.nh):
            self.hidBiases[j] = weights[idx]
            idx += 1
        for j in range(self.nh):
            for k in range(self.no):
                self.hidOutWeights[j, k] = weights[idx]
                idx += 1
        for k in range(self.no):
            self.outBiases[k] = weights[idx]
            idx += 1

    def getWeights(self):
        parts = (self.inHidWeights, self.hidBiases, self.hidOutWeights, self.outBiases)
        return np.concatenate([part.ravel() for part in parts])

    def outputsOf(self, xValues):
        hidSums = np.zeros(shape=[self.nh], dtype=np.float32)
        outSums = np.zeros(shape=[self.no], dtype=np.float32)
        for i in range(self.ni):
            self.inNodes[i] = xValues[i]
        for j in range(self.nh):
            for i in range(self.ni):
                hidSums[j] += self.inNodes[i] * self.inHidWeights[i, j]
            hidSums[j] += self.hidBiases[j]
            self.hidNodes[j] = self.tanhOf(hidSums[j])
        for k in range(self.no):
            for j in range(self.nh):
                outSums[k] += self.hidNodes[j] * self.hidOutWeights[j, k]
            outSums[k] += self.outBiases[k]
        soft = self.softmax(outSums)
        for k in range(self.no):
            self.outNodes[k] = soft[k]
        return np.array(self.outNodes)

    def train(self, trainData, maxEpochs, learnRate):
        hidOutGrads = np.zeros(shape=[self.nh, self.no], dtype=np.float32)
        outBiasGrads = np.zeros(shape=[self.no], dtype=np.float32)
        inHidGrads = np.zeros(shape=[self.ni, self.nh], dtype=np.float32)
        hidBiasGrads = np.zeros(shape=[self.nh], dtype=np.float32)
        outSignals = np.zeros(shape=[self.no], dtype=np.float32)
        hidSignals = np.zeros(shape=[self.nh], dtype=np.float32)

        epoch = 0
        indices = np.arange(len(trainData))
        while epoch < maxEpochs:
            self.rnd.shuffle(indices)
            for idx in indices:
                xs = trainData[idx, :self.ni]
                ts = trainData[idx, self.ni:]
                self.outputsOf(xs)

                for k in range(self.no):
                    derivative = (1 - self.outNodes[k]) * self.outNodes[k]
                    outSignals[k] = derivative * (self.outNodes[k] - ts[k])
                for j in range(self.nh):
                    for k in range(self.no):
                        hidOutGrads[j, k] = outSignals[k] * self.hidNodes[j]
                for k in range(self.no):
                    outBiasGrads[k] = outSignals[k] * 1.0

                for j in range(self.nh):
                    total = 0.0
                    for k in range(self.no):
                        total += outSignals[k] * self.hidOutWeights[j, k]
                    derivative = (1 - self.hidNodes[j]) * (1 + self.hidNodes[j])
                    hidSignals[j] = derivative * total
                for i in range(self.ni):
                    for j in range(self.nh):
                        inHidGrads[i, j] = hidSignals[j] * self.inNodes[i]
                for j in range(self.nh):
                    hidBiasGrads[j] = hidSignals[j] * 1.0

                for i in range(self.ni):
                    for j in range(self.nh):
                        self.inHidWeights[i, j] += -1.0 * learnRate * inHidGrads[i, j]
                for j in range(self.nh):
                    self.hidBiases[j] += -1.0 * learnRate * hidBiasGrads[j]
                for j in range(self.nh):
                    for k in range(self.no):
                        self.hidOutWeights[j, k] += -1.0 * learnRate * hidOutGrads[j, k]
                for k in range(self.no):
                    self.outBiases[k] += -1.0 * learnRate * outBiasGrads[k]

            epoch += 1
            if epoch % 10 == 0:
                print("epoch =", epoch, "ms error =", self.meanSquaredError(trainData))
        return self.getWeights()

    def meanSquaredError(self, rows):
        squares = 0.0
        for row in rows:
            ys = self.outputsOf(row[:self.ni])
            for j in range(self.no):
                err = row[self.ni + j] - ys[j]
                squares += err * err
        return squares / len(rows)

    @staticmethod
    def tanhOf(x):
        if x < -20.0:
            return -1.0
        elif x > 20.0:
            return 1.0
        return math.tanh(x)

    @staticmethod
    def softmax(outSums):
        result = np.zeros(shape=[len(outSums)], dtype=np.float32)
        m = max(outSums)
        divisor = 0.0
        for k in range(len(outSums)):
            divisor += math.exp(outSums[k] - m)
        for k in range(len(result)):
            result[k] = math.exp(outSums[k] - m) / divisor
        return result
