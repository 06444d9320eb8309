import numpy as np

rng = np.random.default_rng(6)

# X is (features, m), y is (3, m) of zeros and ones
X = rng.normal(size=(4, 30))
y = np.eye(3)[rng.integers(0, 3, 30)].T

m = X.shape[1]
W = rng.normal(size=(3, X.shape[0])) * 0.01
b = 0
kost = 0
alpha = 0.01
rounds = 100

for turn in range(rounds):
    Z = np.dot(W, X) + b
    t = np.exp(Z)
    add = np.sum(t, axis=0)
    A = t / add

    loss = -np.multiply(y, np.log(A))
    kost += np.sum(loss) / m
    print("kost after", turn + 1, "is", kost)

    dZ = A - y
    dW = np.dot(dZ, X.T) / m
    db = np.sum(dZ) / m

    W = W - alpha * dW
    b = b - alpha * db
