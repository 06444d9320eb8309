import math


def filled(I, J, fill=0.0):
    m = []
    for i in range(I):
        m.append([fill] * J)
    return m


# tanh does better here than 1/(1+e^-x)
def squash(x):
    return math.tanh(x)


def dsquash(y):
    return 1.0 - y**2


class ParityNet:
    def __init__(self, ni, nh, no, weights):
        self.ni = ni + 1  # one more for the bias
        self.nh = nh
        self.no = no
        self.act_i = [1.0] * self.ni
        self.act_h = [1.0] * self.nh
        self.act_o = [1.0] * self.no

        self.w_ih = filled(self.ni, self.nh)
        self.w_ho = filled(self.nh, self.no)
        for i in range(self.ni):
            for j in range(self.nh):
                self.w_ih[i][j] = weights[i]
        for j in range(self.nh):
            for k in range(self.no):
                self.w_ho[j][k] = weights[ni + no + j]
        # last changes, for the momentum
        self.c_ih = filled(self.ni, self.nh)
        self.c_ho = filled(self.nh, self.no)

    def run(self, inputs):
        if len(inputs) != self.ni - 1:
            raise ValueError('another number of inputs')
        for i in range(self.ni - 1):
            self.act_i[i] = inputs[i]
        for j in range(self.nh):
            total = 0.0
            for i in range(self.ni):
                total = total + self.act_i[i] * self.w_ih[i][j]
            self.act_h[j] = squash(total)
        for k in range(self.no):
            total = 0.0
            for j in range(self.nh):
                total = total + self.act_h[j] * self.w_ho[j][k]
            self.act_o[k] = squash(total)
        return self.act_o[:]

    def back(self, targets, N, M):
        if len(targets) != self.no:
            raise ValueError('another number of targets')

        deltas_o = [0.0] * self.no
        for k in range(self.no):
            error = targets[k] - self.act_o[k]
            deltas_o[k] = dsquash(self.act_o[k]) * error

        deltas_h = [0.0] * self.nh
        for j in range(self.nh):
            error = 0.0
            for k in range(self.no):
                error = error + deltas_o[k] * self.w_ho[j][k]
            deltas_h[j] = dsquash(self.act_h[j]) * error

        for j in range(self.nh):
            for k in range(self.no):
                change = deltas_o[k] * self.act_h[j]
                self.w_ho[j][k] = self.w_ho[j][k] + N * change + M * self.c_ho[j][k]
                self.c_ho[j][k] = change
        for i in range(self.ni):
            for j in range(self.nh):
                change = deltas_h[j] * self.act_i[i]
                self.w_ih[i][j] = self.w_ih[i][j] + N * change + M * self.c_ih[i][j]
                self.c_ih[i][j] = change

        error = 0.0
        for k in range(len(targets)):
            error = error + 0.5 * (targets[k] - self.act_o[k])**2
        return error

    def train(self, patterns, iterations=300, N=0.4, M=0.1):
        for i in range(iterations):
            error = 0.0
            for pattern in patterns:
                self.run(pattern[0])
                error = error + self.back(pattern[1], N, M)
            if i % 100 == 0:
                print('error of the training set: %-.5f' % error)

    def show(self, patterns):
        for pattern in patterns:
            print(pattern[0], '->', self.run(pattern[0]))
