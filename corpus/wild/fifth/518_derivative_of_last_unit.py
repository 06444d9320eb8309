import math
import random

import numpy as np


def table(m, n, fill=0.0):
    mat = []
    for i in range(m):
        mat.append([fill] * n)
    return mat


def squash(x):
    return 1.0 / (1.0 + math.exp(-x))


def squash_derivate(x):
    return x * (1 - x)


class BPNetwork:
    def __init__(self):
        self.n_in = 0
        self.n_hid = 0
        self.n_out = 0
        self.hid_bias = []  # 隐含层阈值
        self.out_bias = []  # 输出层阈值
        self.in_cells = []
        self.hid_cells = []
        self.out_cells = []
        self.hid_weights = []  # 输出在前
        self.out_weights = []

    def setup(self, ni, nh, no):
        self.n_in = ni
        self.n_hid = nh
        self.n_out = no
        self.in_cells = np.zeros(ni)
        self.hid_cells = np.zeros(nh)
        self.out_cells = np.zeros(no)
        self.gj = np.zeros(no)
        self.hid_weights = table(nh, ni)
        self.out_weights = table(no, nh)
        self.hid_bias = [random.random() for _ in range(nh)]
        self.out_bias = [random.random() for _ in range(no)]
        self.delta_ow = table(no, nh)
        self.delta_hw = table(nh, ni)
        self.delta_ob = [0.0] * no
        self.delta_hb = [0.0] * nh
        for h in range(nh):
            for i in range(ni):
                self.hid_weights[h][i] = random.uniform(-0.2, 0.2)
        for o in range(no):
            for h in range(nh):
                self.out_weights[o][h] = random.uniform(-0.2, 0.2)

    def predict(self, xi):
        for i in range(self.n_in):
            self.in_cells[i] = xi[i]
        for h in range(self.n_hid):
            total = 0.0
            for i in range(self.n_in):
                total += self.in_cells[i] * self.hid_weights[h][i]
            self.hid_cells[h] = squash(total - self.hid_bias[h])
        for o in range(self.n_out):
            total = 0.0
            for h in range(self.n_hid):
                total += self.hid_cells[h] * self.out_weights[o][h]
            self.out_cells[o] = squash(total - self.out_bias[o])
        return self.out_cells[:]

    def error(self, yi):
        error = 0.0
        for o in range(self.n_out):
            if self.n_out == 1:
                error += np.power((yi - self.out_cells[o]), 2)
            else:
                error += np.power((yi[o] - self.out_cells[o]), 2)
        return error * 0.5

    def gradient(self, learn, yi):
        for o in range(self.n_out):
            if self.n_out == 1:
                delta2 = squash_derivate(self.out_cells[o]) * (yi - self.out_cells[o])
            else:
                delta2 = squash_derivate(self.out_cells[o]) * (yi[o] - self.out_cells[o])
            self.gj[o] = delta2
            self.delta_ob[o] += -1 * learn * delta2
            for h in range(self.n_hid):
                delta1 = self.hid_cells[h]
                self.delta_ow[o][h] += learn * delta1 * delta2
        # 隐含层
        for h in range(self.n_hid):
            total = 0.0
            for o in range(self.n_out):
                total += self.gj[o] * self.out_weights[o][h]
            delta2 = squash_derivate(self.hid_cells[o]) * total
            self.delta_hb[h] += -1 * learn * delta2
            for i in range(self.n_in):
                delta1 = self.in_cells[i]
                self.delta_hw[h][i] += learn * delta1 * delta2

    def back_propagate(self, n_patch):
        for o in range(self.n_out):
            self.out_bias[o] += self.delta_ob[o] / (1.0 * n_patch)
            for h in range(self.n_hid):
                self.out_weights[o][h] += self.delta_ow[o][h] / (1.0 * n_patch)
        for h in range(self.n_hid):
            self.hid_bias[h] += self.delta_hb[h] / (1.0 * n_patch)
            for i in range(self.n_in):
                self.hid_weights[h][i] += self.delta_hw[h][i] / (1.0 * n_patch)
        self.delta_ow = np.zeros((self.n_out, self.n_hid))
        self.delta_hw = np.zeros((self.n_hid, self.n_in))
        self.delta_ob = np.zeros(self.n_out)
        self.delta_hb = np.zeros(self.n_hid)


def train(net, patch_x, patch_y, learn):
    patch_error = 0.0
    for at in range(len(patch_x)):
        net.predict(patch_x[at])
        net.gradient(learn, patch_y[at])
        patch_error += net.error(patch_y[at])
    net.back_propagate(len(patch_x))
    return patch_error
