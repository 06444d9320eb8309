import numpy as np


def encode(labels, n_classes):
    """标签 → 独热列"""
    out = np.zeros((n_classes, labels.size))
    out[labels, np.arange(labels.size)] = 1
    return out


def start_params(n_in, n_hidden, n_out):
    return {
        "W1": np.random.randn(n_hidden, n_in) * 0.01,
        "b1": np.zeros((n_hidden, 1)),
        "W2": np.random.randn(n_out, n_hidden) * 0.01,
        "b2": np.zeros((n_out, 1)),
    }


def relu(Z):
    return np.maximum(0, Z)


def relu_slope(Z):
    return Z > 0


def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


def forward_pass(X, params):
    """前向"""
    Z1 = np.dot(params["W1"], X) + params["b1"]
    A1 = relu(Z1)
    Z2 = np.dot(params["W2"], A1) + params["b2"]
    A2 = softmax(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def loss_of(A2, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(A2 + 1e-8)) / m


def backward_pass(params, cache, X, Y):
    """反向"""
    m = X.shape[1]
    # 输出层
    dZ2 = cache["A2"] - Y
    dW2 = (1 / m) * np.dot(dZ2, cache["A1"].T)
    db2 = (1 / m) * np.sum(dZ2, axis=1, keepdims=True)
    # 隐藏层
    dA1 = np.dot(params["W2"].T, dZ2)
    dZ1 = dA1 * relu_slope(cache["Z1"])
    dW1 = (1 / m) * np.dot(dZ1, X.T)
    db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def move(params, grads, rate):
    for name in ("W1", "b1", "W2", "b2"):
        params[name] -= rate * grads["d" + name]
    return params


def fit(X, Y, n_hidden=128, rounds=500, rate=0.1):
    params = start_params(X.shape[0], n_hidden, Y.shape[0])
    losses = []
    for i in range(rounds):
        A2, cache = forward_pass(X, params)
        losses.append(loss_of(A2, Y))
        params = move(params, backward_pass(params, cache, X, Y), rate)
    return params, losses
