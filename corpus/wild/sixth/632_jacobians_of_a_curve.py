import numpy as np

sigma = lambda z: 1 / (1 + np.exp(-z))
sigma_slope = lambda z: np.cosh(z / 2) ** (-2) / 4


def draw_network(n1=6, n2=7, random=np.random):
    global W1, W2, W3, b1, b2, b3
    W1 = random.randn(n1, 1) / 2
    W2 = random.randn(n2, n1) / 2
    W3 = random.randn(2, n2) / 2
    b1 = random.randn(n1, 1) / 2
    b2 = random.randn(n2, 1) / 2
    b3 = random.randn(2, 1) / 2


def through(a0):
    z1 = W1 @ a0 + b1
    a1 = sigma(z1)
    z2 = W2 @ a1 + b2
    a2 = sigma(z2)
    z3 = W3 @ a2 + b3
    a3 = sigma(z3)
    return a0, z1, a1, z2, a2, z3, a3


def cost(x, y):
    return np.linalg.norm(through(x)[-1] - y) ** 2 / x.size


def J_W3(x, y):
    a0, z1, a1, z2, a2, z3, a3 = through(x)
    J = 2 * (a3 - y)
    J = J * sigma_slope(z3)
    J = J @ a2.T / x.size
    return J


def J_b3(x, y):
    a0, z1, a1, z2, a2, z3, a3 = through(x)
    J = 2 * (a3 - y)
    J = J * sigma_slope(z3)
    J = np.sum(J, axis=1, keepdims=True) / x.size
    return J


def J_W2(x, y):
    a0, z1, a1, z2, a2, z3, a3 = through(x)
    J = 2 * (a3 - y)
    J = J * sigma_slope(z3)
    J = (J.T @ W3).T
    J = J * sigma_slope(z2)
    J = J @ a1.T / x.size
    return J


def J_b2(x, y):
    a0, z1, a1, z2, a2, z3, a3 = through(x)
    J = 2 * (a3 - y)
    J = J * sigma_slope(z3)
    J = (J.T @ W3).T
    J = J * sigma_slope(z2)
    J = np.sum(J, axis=1, keepdims=True) / x.size
    return J


def J_W1(x, y):
    a0, z1, a1, z2, a2, z3, a3 = through(x)
    J = 2 * (a3 - y)
    J = J * sigma_slope(z3)
    J = (J.T @ W3).T
    J = J * sigma_slope(z2)
    J = (J.T @ W2).T
    J = J * sigma_slope(z1)
    J = J @ a0.T / x.size
    return J


def J_b1(x, y):
    a0, z1, a1, z2, a2, z3, a3 = through(x)
    J = 2 * (a3 - y)
    J = J * sigma_slope(z3)
    J = (J.T @ W3).T
    J = J * sigma_slope(z2)
    J = (J.T @ W2).T
    J = J * sigma_slope(z1)
    J = np.sum(J, axis=1, keepdims=True) / x.size
    return J


draw_network()
