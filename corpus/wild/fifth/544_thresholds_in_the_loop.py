import numpy as np
from numpy import mean, zeros
from numpy.random import rand


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def guess(X, q, W_in, W_out, T_in, T_out):
    m = X.shape[0]
    B = sigmoid(X @ W_in - T_in)
    Yp = zeros((m, W_out.shape[1]))
    for k in range(m):
        Yp[k] = sigmoid(B[k:k + 1] @ W_out - T_out)[0]
    return Yp


# eta:步长  q：隐层个数
def train(X, Y, eta, q):
    d = X.shape[1]
    n_out = Y.shape[1]
    m = X.shape[0]
    B = zeros((m, q))
    g = zeros((1, n_out))
    e = zeros((1, q))
    Yp = zeros((m, n_out))
    err = 0.2
    errs = zeros((m, 1))
    W_in = rand(d, q)
    W_out = rand(q, n_out)
    T_in = rand(1, q)
    T_out = rand(1, n_out)
    while err > 0.01:
        for k in range(m):
            # 计算预测输出
            alfa = X[k:k + 1, :] @ W_in
            for h in range(q):
                B[k, h] = sigmoid((alfa - T_in)[0, h])
            beta = B[k:k + 1, :] @ W_out
            for j in range(n_out):
                Yp[k, j] = sigmoid((beta - T_out)[0, j])
                g[0, j] = Yp[k, j] * (1 - Yp[k, j]) * (Y[k, j] - Yp[k, j])
            for h in range(q):
                e[0, h] = B[k, h] * (1 - B[k, h]) * (W_out[h, :] @ g[0])
            # 更新权值与阈值
            for h in range(q):
                for j in range(n_out):
                    W_out[h, j] += eta * g[0, j] * B[k, h]
                    T_out[0, j] -= eta * g[0, j]
            for i in range(d):
                for h in range(q):
                    W_in[i, h] += eta * e[0, h] * X[k, i]
                    T_in[0, h] -= eta * e[0, h]
        Yp = guess(X, q, W_in, W_out, T_in, T_out)
        for k in range(m):
            errs[k, 0] = 1 / 2 * (Yp - Y)[k] @ (Yp - Y)[k]
        err = mean(errs)
    return W_in, W_out, T_in, T_out
