import numpy as np


def forward(X, W1, W2):
    X_full = np.concatenate((X, np.ones((X.shape[0], 1))), axis=1)
    H = np.tanh(X_full.dot(W1.T))
    H_full = np.concatenate((H, np.ones((X.shape[0], 1))), axis=1)
    logits = H_full.dot(W2.T)
    probs = 1.0 / (1 + np.exp(-logits))
    probs[probs < 1e-15] = 1e-15
    probs[probs > 1 - 1e-15] = 1 - 1e-15
    return H, H_full, logits, probs


def backward(probs, Y, H_full, W2, H):
    delta_logits = probs - Y
    delta_W2 = np.dot(delta_logits.T, H_full)
    delta_H = np.dot(delta_logits, W2)
    delta_a = delta_H[:, :-1] * (1 - H**2)
    delta_W1 = np.dot(delta_a.T, X_full)
    return delta_W2, delta_W1


rng = np.random.RandomState(0)
X = rng.standard_normal((10, 2))
Y = (X[:, :1] > 0).astype(float)
X_full = np.concatenate((X, np.ones((10, 1))), axis=1)
W1 = rng.standard_normal((4, 3)) / 2
W2 = rng.standard_normal((1, 5)) / 2
for _ in range(20):
    H, H_full, logits, probs = forward(X, W1, W2)
    loss = -Y * np.log(probs) - (1 - Y) * np.log(1 - probs)
    delta_W2, delta_W1 = backward(probs, Y, H_full, W2, H)
    W1 -= delta_W1 * 0.01
    W2 -= delta_W2 * 0.01
print(sum(loss))
