import numpy as np


def ramp(x):
    return np.maximum(0, x)


def ramp_slope(x):
    return np.where(x > 0, 1, 0)


def softmax(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


rng = np.random.RandomState(0)
data = rng.standard_normal((8, 2))
wanted = np.eye(3)[rng.randint(0, 3, 8)]
weights = {"W1": rng.standard_normal((2, 4)), "W2": rng.standard_normal((4, 3)), "W3": rng.standard_normal((3, 3))}
biases = {"b1": np.zeros((1, 4)), "b2": np.zeros((1, 3)), "b3": np.zeros((1, 3))}
rate = 0.1
batch_size = 4
epochs = 5

for epoch in range(epochs):
    total_loss = 0
    indices = np.arange(data.shape[0])
    rng.shuffle(indices)
    for start in range(0, data.shape[0], batch_size):
        chosen = indices[start : start + batch_size]
        sum_W = {k: np.zeros_like(v) for k, v in weights.items()}
        sum_b = {k: np.zeros_like(v) for k, v in biases.items()}
        for i in chosen:
            h1 = ramp(np.dot(data[i], weights["W1"]) + biases["b1"])
            h2 = ramp(np.dot(h1, weights["W2"]) + biases["b2"])
            out = softmax(np.dot(h2, weights["W3"]) + biases["b3"])
            total_loss += -np.sum(wanted[i] * np.log(np.clip(out, 1e-7, 1 - 1e-7)))
            d3 = out - wanted[i]
            d2 = d3.dot(weights["W3"].T) * ramp_slope(h2)
            d1 = d2.dot(weights["W2"].T) * ramp_slope(h1)
            sum_W["W3"] += h2.reshape(-1, 1).dot(d3.reshape(1, -1))
            sum_W["W2"] += h1.reshape(-1, 1).dot(d2.reshape(1, -1))
            sum_W["W1"] += data[i].reshape(-1, 1).dot(d1.reshape(1, -1))
            sum_b["b3"] += d3
            sum_b["b2"] += d2
            sum_b["b1"] += d1
        for k in weights:
            weights[k] -= sum_W[k] * rate / batch_size
        for k in biases:
            biases[k] -= sum_b[k] * rate / batch_size
    print(epoch, total_loss / data.shape[0])
