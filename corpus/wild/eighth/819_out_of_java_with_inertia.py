import math
import random

ALPHA = 0.3
MU = 0.5

N, M = 3, 4  # inputs and hidden neurons

hweight = [[random.uniform(-1, 1) for _ in range(M)] for _ in range(N)]
hweight2 = [row[:] for row in hweight]
hbias = [random.uniform(-1, 1) for _ in range(M)]
hbias2 = hbias[:]
oweight = [random.uniform(-1, 1) for _ in range(M)]
oweight2 = oweight[:]
obias = random.uniform(-1, 1)
obias2 = obias


def sigmoid(v):
    return 1.0 / (1.0 + math.exp(-v))


def sigmoid_derivative(v):
    return sigmoid(v) * (1.0 - sigmoid(v))


def forward(values):
    global hin, hout, oin, oout
    hin = [hbias[j] + sum(values[i] * hweight[i][j] for i in range(N)) for j in range(M)]
    hout = [sigmoid(v) for v in hin]
    oin = obias + sum(hout[j] * oweight[j] for j in range(M))
    oout = sigmoid(oin)
    return oout


def update_output(values, target):
    global obias, obias2
    odelta = sigmoid_derivative(oin) * (target - oout)
    for j in range(M):
        doweight = ALPHA * odelta * hout[j] + MU * (oweight[j] - oweight2[j])
        oweight2[j] = oweight[j]
        oweight[j] += doweight
    dobias = ALPHA * odelta + MU * (obias - obias2)
    obias2 = obias
    obias += dobias
    update_hidden(values, odelta)


def update_hidden(values, d):
    for j in range(M):
        hdelta = (d * oweight[j]) * sigmoid_derivative(hin[j])
        for i in range(N):
            dhweight = ALPHA * hdelta * values[i] + MU * (hweight[i][j] - hweight2[i][j])
            hweight2[i][j] = hweight[i][j]
            hweight[i][j] += dhweight
        dhbias = ALPHA * hdelta + MU * (hbias[j] - hbias2[j])
        hbias2[j] = hbias[j]
        hbias[j] += dhbias


if __name__ == "__main__":
    for turn in range(3000):
        bits = [turn & 1, turn >> 1 & 1, turn >> 2 & 1]
        forward(bits)
        update_output(bits, sum(bits) % 2)
    print(oout)
