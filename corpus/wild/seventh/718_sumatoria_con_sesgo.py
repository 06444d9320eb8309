import random
from numpy import exp

n_ent = 2
n_ocu = 4
n_sal = 1
patrones = 4
permitido = 0.001
vueltas = 1000
n = 0.07

x = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
yr = [[0.0], [1.0], [1.0], [0.0]]


def propagar(x, w, v):
    H = [0.0] * n_ocu
    for j in range(n_ocu):
        suma = 0.0
        for i in range(n_ent):
            suma = suma + w[i][j] * x[i]
        H[j] = 1 / (1 + exp((suma + w[i + 1][j]) * (-1.0)))
    y = [0.0] * n_sal
    for k in range(n_sal):
        suma = 0.0
        for j in range(n_ocu):
            suma = suma + v[j][k] * H[j]
        y[k] = suma + v[j + 1][k]
    return y, H


random.seed(6)
v = [[random.random() * 2.0 - 1.0 for k in range(n_sal)] for j in range(n_ocu + 1)]
w = [[random.random() * 2.0 - 1.0 for j in range(n_ocu)] for i in range(n_ent + 1)]
error = [0.0] * n_sal
de_dv = [0.0] * n_sal
de_dw = [0.0] * n_ocu

ec = 10.0
it = 0
while ec > permitido and it < vueltas:
    ec = 0.0
    it += 1
    for p in range(patrones):
        y, H = propagar(x[p], w, v)
        for k in range(n_sal):
            error[k] = yr[p][k] - y[k]
            ec = ec + (error[k] ** 2)
            de_dv[k] = error[k]
            for j in range(n_ocu):
                v[j][k] = v[j][k] + n * de_dv[k] * H[j]
            v[j + 1][k] = v[j + 1][k] + n * de_dv[k] * v[j + 1][k]
        for i in range(n_ent):
            for j in range(n_ocu):
                suma = 0
                for k in range(n_sal):
                    suma = suma + de_dv[k] + v[j + 1][k]
                de_dw[j] = suma * H[j] * (1 - H[j])
                w[i][j] = w[i][j] + n * de_dw[j] * x[p][i]
        for j in range(n_ocu):
            suma = 0
            for k in range(n_sal):
                suma = suma + de_dv[k] + v[j + 1][k]
            de_dw[j] = suma * H[j] * (1 - H[j])
            w[i + 1][j] = w[i + 1][j] + n * de_dw[j] * w[i + 1][j]
    ec = ec * 0.5
    if it % 100 == 0:
        print('vuelta', it, 'error', ec)

for p in range(patrones):
    print(x[p], propagar(x[p], w, v)[0])
