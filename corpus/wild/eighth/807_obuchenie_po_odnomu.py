import numpy as np


# In [1]
def f(x):
    return 2 / (1 + np.exp(-x)) - 1  # гиперболический тангенс


def df(y):
    return 0.5 * (1 + y) * (1 - y)


# In [2]
V1 = np.array([[-0.3, 0.2, -0.5], [0.2, -0.4, -0.3]])
V2 = np.array([0.1, 0.4])


# In [3]
def vpered(vhod):
    skrytye = np.array([f(s) for s in np.dot(V1, vhod)])
    y = f(np.dot(V2, skrytye))
    return y, skrytye


# In [4]
def obuchit(vyborka, N=10000, shag=0.01):
    global V1, V2
    for k in range(N):
        x = vyborka[np.random.randint(0, len(vyborka))]  # случайный сигнал
        y, out = vpered(x[0:3])
        e = y - x[-1]  # ошибка
        delta = e * df(y)
        V2[0] = V2[0] - shag * delta * out[0]
        V2[1] = V2[1] - shag * delta * out[1]

        delta2 = V2 * delta * df(out)  # градиенты скрытых

        V1[0, :] = V1[0, :] - np.array(x[0:3]) * delta2[0] * shag
        V1[1, :] = V1[1, :] - np.array(x[0:3]) * delta2[1] * shag


# In [5]
vyborka = [(-1, -1, -1, -1), (-1, -1, 1, 1), (-1, 1, -1, -1), (-1, 1, 1, 1), (1, -1, -1, -1), (1, 1, 1, -1)]

if __name__ == "__main__":
    obuchit(vyborka)
    for x in vyborka:
        print(vpered(x[0:3])[0], "=>", x[-1])
