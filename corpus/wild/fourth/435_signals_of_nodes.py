import math
import random

import numpy as np


class NeuralNetwork:
    def __init__(self, numInput, numHidden, numOutput, seed):
        self.ni = numInput
        self.nh = numHidden
        self.no = numOutput
        self.iNodes = np.zeros(shape=[self.ni], dtype=np.float32)
        self.hNodes = np.zeros(shape=[self.nh], dtype=np.float32)
        self.oNodes = np.zeros(shape=[self.no], dtype=np.float32)
        self.ihWeights = np.zeros(shape=[self.ni, self.nh], dtype=np.float32)
        self.hoWeights = np.zeros(shape=[self.nh, self.no], dtype=np.float32)
        self.hBiases = np.zeros(shape=[self.nh], dtype=np.float32)
        self.oBiases = np.zeros(shape=[self.no], dtype=np.float32)
        self.rnd = random.Random(seed)
        self.setWeights([0.02 * self.rnd.random() - 0.01 for _ in range(self.totalWeights())])

    def totalWeights(self):
        return (self.ni * self.nh) + (self.nh * self.no) + self.nh + self.no

    def setWeights(self, weights):
        idx = 0
        for i in range(self.ni):
            for j in range(self.nh):
                self.ihWeights[i, j] = weights[idx]
                idx += 1
        for j in range(self.nh):
            self.hBiases[j] = weights[idx]
            idx += 1
        for j in range(self.nh):
            for k in range(self.no):
                self.hoWeights[j, k] = weights[idx]
                idx += 1
        for k in range(self.no):
            self.oBiases[k] = weights[idx]
            idx += 1

    def getWeights(self):
        parts = (self.ihWeights, self.hBiases, self.hoWeights, self.oBiases)
        return np.concatenate([part.ravel() for part in parts])

    def computeOutputs(self, xValues):
        hSums = np.zeros(shape=[self.nh], dtype=np.float32)
        oSums = np.zeros(shape=[self.no], dtype=np.float32)
        for i in range(self.ni):
            self.iNodes[i] = xValues[i]
        for j in range(self.nh):
            for i in range(self.ni):
                hSums[j] += self.iNodes[i] * self.ihWeights[i, j]
            hSums[j] += self.hBiases[j]
            self.hNodes[j] = self.hypertan(hSums[j])
        for k in range(self.no):
            for j in range(self.nh):
                oSums[k] += self.hNodes[j] * self.hoWeights[j, k]
            oSums[k] += self.oBiases[k]
        softOut = self.softmax(oSums)
        for k in range(self.no):
            self.oNodes[k] = softOut[k]
        return np.array(self.oNodes)

    def train(self, trainData, maxEpochs, learnRate):
        hoGrads = np.zeros(shape=[self.nh, self.no], dtype=np.float32)
        obGrads = np.zeros(shape=[self.no], dtype=np.float32)
        ihGrads = np.zeros(shape=[self.ni, self.nh], dtype=np.float32)
        hbGrads = np.zeros(shape=[self.nh], dtype=np.float32)
        oSignals = np.zeros(shape=[self.no], dtype=np.float32)
        hSignals = np.zeros(shape=[self.nh], dtype=np.float32)

        epoch = 0
        indices = np.arange(len(trainData))
        while epoch < maxEpochs:
            self.rnd.shuffle(indices)
            for idx in indices:
                x_values = trainData[idx, :self.ni]
                t_values = trainData[idx, self.ni:]
                self.computeOutputs(x_values)

                for k in range(self.no):
                    derivative = (1 - self.oNodes[k]) * self.oNodes[k]
                    oSignals[k] = derivative * (self.oNodes[k] - t_values[k])
                for j in range(self.nh):
                    for k in range(self.no):
                        hoGrads[j, k] = oSignals[k] * self.hNodes[j]
                for k in range(self.no):
                    obGrads[k] = oSignals[k] * 1.0

                for j in range(self.nh):
                    total = 0.0
                    for k in range(self.no):
                        total += oSignals[k] * self.hoWeights[j, k]
                    derivative = (1 - self.hNodes[j]) * (1 + self.hNodes[j])
                    hSignals[j] = derivative * total
                for i in range(self.ni):
                    for j in range(self.nh):
                        ihGrads[i, j] = hSignals[j] * self.iNodes[i]
                for j in range(self.nh):
                    hbGrads[j] = hSignals[j] * 1.0

                for i in range(self.ni):
                    for j in range(self.nh):
                        self.ihWeights[i, j] += -1.0 * learnRate * ihGrads[i, j]
                for j in range(self.nh):
                    self.hBiases[j] += -1.0 * learnRate * hbGrads[j]
                for j in range(self.nh):
                    for k in range(self.no):
                        self.hoWeights[j, k] += -1.0 * learnRate * hoGrads[j, k]
                for k in range(self.no):
                    self.oBiases[k] += -1.0 * learnRate * obGrads[k]

            epoch += 1
            if epoch % 10 == 0:
                print("epoch =", epoch, "ms error =", self.meanSquaredError(trainData))
        return self.getWeights()

    def meanSquaredError(self, tdata):
        sumSquaredError = 0.0
        for row in tdata:
            y_values = self.computeOutputs(row[:self.ni])
            for j in range(self.no):
                err = row[self.ni + j] - y_values[j]
                sumSquaredError += err * err
        return sumSquaredError / len(tdata)

    @staticmethod
    def hypertan(x):
        if x < -20.0:
            return -1.0
        elif x > 20.0:
            return 1.0
        return math.tanh(x)

    @staticmethod
    def softmax(oSums):
        result = np.zeros(shape=[len(oSums)], dtype=np.float32)
        m = max(oSums)
        divisor = 0.0
        for k in range(len(oSums)):
            divisor += math.exp(oSums[k] - m)
        for k in range(len(result)):
            result[k] = math.exp(oSums[k] - m) / divisor
        return result
