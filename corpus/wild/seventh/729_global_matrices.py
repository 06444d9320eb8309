import numpy as np

RATE = 0.00001
np.random.seed(7)
W1 = np.random.randn(4, 5)
W2 = np.random.randn(5, 3)


def squash(u):
    return 1 / (1 + np.exp(-u))


def soft_max(u):
    e = np.exp(u)
    return e / np.sum(e)


def there(x):
    global W1
    global W2
    u1 = x.dot(W1)
    z1 = squash(u1)
    u2 = z1.dot(W2)
    y = soft_max(u2)
    return y, z1


def back(x, z1, y, d):
    global W1
    global W2
    delta2 = y - d
    grad2 = z1.T.dot(delta2)

    squash_dash = z1 * (1 - z1)
    delta1 = delta2.dot(W2.T) * squash_dash
    grad1 = x.T.dot(delta1)

    W2 -= RATE * grad2
    W1 -= RATE * grad1


if __name__ == '__main__':
    for turn in range(100):
        for k in range(3):
            x = np.eye(4)[k:k + 1]
            y, z1 = there(x)
            back(x, z1, y, np.eye(3)[k:k + 1])
    print([there(np.eye(4)[k:k + 1])[0].argmax() for k in range(3)])
