import numpy as np

rng = np.random.RandomState(0)
data = rng.standard_normal((9, 4))
target = rng.randint(0, 3, 9)
design = np.insert(data, 0, 1.0, 1)
onehot = np.equal(np.arange(3), target[:, None])
param = np.zeros((5, 3))
rounds = 20

for epoch in range(rounds):
    activation = design @ param
    exp = np.exp(activation)
    activity = exp / exp.sum(1, keepdims=True)
    entropy = -np.sum(onehot * np.log(activity), 1)
    loss = entropy.sum()
    grad = design.T @ (activity - onehot)
    param -= 0.001 * grad
    print(epoch, loss)
