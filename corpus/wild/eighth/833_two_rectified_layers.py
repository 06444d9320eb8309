import numpy as np


def init_params(n_in, n_1, n_2, n_out):
    P1 = np.random.normal(size=(n_1, n_in)) * np.sqrt(1.0 / n_in)
    q1 = np.random.normal(size=(n_1, 1)) * np.sqrt(1.0 / n_1)
    P2 = np.random.normal(size=(n_2, n_1)) * np.sqrt(1.0 / n_1)
    q2 = np.random.normal(size=(n_2, 1)) * np.sqrt(1.0 / n_2)
    P3 = np.random.normal(size=(n_out, n_2)) * np.sqrt(1.0 / n_2)
    q3 = np.random.normal(size=(n_out, 1)) * np.sqrt(1.0 / n_out)
    return P1, q1, P2, q2, P3, q3


def relu(Z):
    return np.maximum(Z, 0)


def softmax(Z):
    return np.exp(Z) / sum(np.exp(Z))


def forward_prop(P1, q1, P2, q2, P3, q3, X):
    Z1 = P1.dot(X) + q1
    A1 = relu(Z1)
    Z2 = P2.dot(A1) + q2
    A2 = relu(Z2)
    Z3 = P3.dot(A2) + q3
    A3 = softmax(Z3)
    return Z1, A1, Z2, A2, Z3, A3


def deriv_relu(Z):
    return Z > 0


def one_hot(Y):
    rows = np.zeros((Y.size, Y.max() + 1))
    rows[np.arange(Y.size), Y] = 1
    return rows.T


def back_prop(Z1, A1, Z2, A2, Z3, A3, P1, P2, P3, X, Y):
    m = Y.size
    dZ3 = A3 - one_hot(Y)
    dP3 = 1 / m * dZ3.dot(A2.T)
    dq3 = 1 / m * np.sum(dZ3)
    dZ2 = P3.T.dot(dZ3) * deriv_relu(Z2)
    dP2 = 1 / m * dZ2.dot(A1.T)
    dq2 = 1 / m * np.sum(dZ2)
    dZ1 = P2.T.dot(dZ2) * deriv_relu(Z1)
    dP1 = 1 / m * dZ1.dot(X.T)
    dq1 = 1 / m * np.sum(dZ1)
    return dP1, dq1, dP2, dq2, dP3, dq3


def update_params(params, grads, alpha):
    return [p - alpha * g for p, g in zip(params, grads)]


def get_accuracy(A3, Y):
    return np.sum(np.argmax(A3, 0) == Y) / Y.size


def gradient_descent(X, Y, iterations, alpha, params=None):
    params = params or init_params(X.shape[0], 10, 10, Y.max() + 1)
    for i in range(iterations):
        values = forward_prop(*params, X)
        grads = back_prop(*values, params[0], params[2], params[4], X, Y)
        params = update_params(params, grads, alpha)
        if i % 100 == 0:
            print("Iteration:", i, "Accuracy:", get_accuracy(values[-1], Y))
    return params


if __name__ == "__main__":
    np.random.seed(1)
    Y = np.random.randint(0, 3, 90)
    gradient_descent(np.random.normal(size=(5, 90)) + Y, Y, 500, 0.1)
