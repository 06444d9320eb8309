import numpy as np


def softmax(z):
    total = sum(np.exp(v) for v in z)
    return np.array([np.exp(v) / total for v in z])


def one_hot(ys):
    k = np.max(ys)
    rows = []
    for y in ys:
        row = np.zeros(k + 1, dtype=int)
        row[y] = 1
        rows.append(row)
    return np.array(rows).reshape(len(ys), k + 1)


def softmax_regression(xs, ys, learning_rate, num_iterations, theta=None, bias=None):
    tau = one_hot(ys)
    theta = np.zeros((xs.shape[1], tau.shape[1])) if theta is None else theta
    bias = np.zeros(tau.shape[1]) if bias is None else bias

    for _ in range(num_iterations):
        mean_errors = 0
        total_gradient = 0

        for i in range(xs.shape[0]):
            z = np.dot(xs[i], theta) + bias
            o = softmax(z)
            error = o - tau[i]
            mean_errors += np.mean(error)
            total_gradient += error * xs[i]

        theta -= learning_rate * total_gradient + theta * learning_rate
        bias -= learning_rate * mean_errors

    print(theta, bias)

    def model(xs, theta=theta, bias=bias):
        z = theta.T * xs + bias
        return softmax(z).argmax()

    return model


if __name__ == "__main__":
    data = np.array([(0.2, 0), (0.8, 0), (2.7, 2), (2.9, 2), (1.5, 1), (1.8, 1), (2.8, 2), (1.6, 1)])
    h = softmax_regression(data[:, 0].reshape(-1, 1), data[:, 1].astype(int), 0.05, 750)
