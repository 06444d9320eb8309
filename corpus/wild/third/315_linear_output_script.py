import numpy as np

rng = np.random.RandomState(0)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
epochs = 2000
L = 0.1


def squash(x): return 1 / (1 + np.exp(-x))
def squash_(x): return x * (1 - x)


Wh = rng.uniform(size=(2, 3))
Wz = rng.uniform(size=(3, 1))

for i in range(epochs):
    H = squash(np.dot(X, Wh))               # hidden results
    Z = np.dot(H, Wz)                       # output, linear
    E = Y - Z                               # the miss
    dZ = E * L
    Wz += H.T.dot(dZ)                       # move the output's weights
    dH = dZ.dot(Wz.T) * squash_(H)
    Wh += X.T.dot(dH)                       # move the hidden weights

print(Z)
