import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# three of each class
points = np.array([
    [0.9, 0.8], [0.8, 0.7], [0.95, 0.9],
    [0.3, 0.2], [0.4, 0.1], [0.45, 0.3],
    [0.6, 0.65], [0.7, 0.75], [0.5, 0.6],
])
truth = np.repeat(np.eye(3), 3, axis=0)

U = np.array([
    [0.1, 0.4, 0.5],
    [0.7, 0.3, 0.2],
])
c = np.zeros(3)

lr = 1.0
rounds = 1000
N = points.shape[0]

for i in range(rounds):
    p = softmax(points @ U + c)
    dU = points.T @ (p - truth) / N
    dc = (p - truth).sum(axis=0) / N
    U = U - lr * dU
    c = c - lr * dc

p = softmax(points @ U + c)
loss = -np.sum(truth * np.log(p)) / N

print(p)
print("loss:", round(loss, 4))
print("accuracy:", (p.argmax(axis=1) == truth.argmax(axis=1)).mean())
