import numpy as np


def squash(x, want_slope=False):
    if want_slope == True:
        return squash(x) * (1 - squash(x))
    return 1 / (1 + np.exp(-x))


def train(inputs, keys, weights, rounds=20000):
    for turn in range(rounds):
        prediction = squash(np.dot(inputs, weights))
        error = keys - prediction
        change = error * squash(prediction, True)
        weights += np.dot(inputs.T, change)
        if turn == 5000 or turn == 9999:
            print("Round %d, weights\n%s\nprediction\n%s" % (turn, weights, prediction))
    print("In the end:\n%s" % prediction)


def main():
    inputs = np.array([[0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 1, 1]])
    keys = np.array([[0, 1, 0, 1]]).T
    weights = 2 * np.random.RandomState(1).random_sample((3, 1)) - 1
    train(inputs, keys, weights)


if __name__ == "__main__":
    main()
