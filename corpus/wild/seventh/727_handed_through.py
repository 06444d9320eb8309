import numpy as np


def squash(v):
    return 1.0 / (1 + np.exp(-v))


assert (squash(0) == 0.5)


def squash_dv(v):
    return v * (1.0 - v)


assert (squash_dv(0.5) == 0.25)


def there(x, first, second, out):
    middle = squash(np.dot(x, first))
    out = squash(np.dot(middle, second))
    return middle, first, second, out


def back(middle, first, second, x, y, out):
    second_dv = np.dot(np.transpose(middle), (2 * (y - out) * squash_dv(out)))
    first_dv = np.dot(np.transpose(x), (np.dot(2 * (y - out) * squash_dv(out), np.transpose(second)) * squash_dv(middle)))

    # the step
    first += first_dv
    second += second_dv
    return middle, first, second, x, y, out


if __name__ == '__main__':
    np.random.seed(4)
    x = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    y = np.array([[0], [1], [1], [0]])
    first = np.random.rand(x.shape[1], 4)
    second = np.random.rand(4, 1)
    out = np.zeros(y.shape)
    for i in range(1500):
        middle, first, second, out = there(x, first, second, out)
        middle, first, second, x, y, out = back(middle, first, second, x, y, out)
    print(out)
