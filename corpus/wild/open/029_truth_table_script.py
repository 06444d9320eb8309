import numpy as np

N, D_in, D_out = 16, 4, 1
x = np.array([[float(i >> k & 1) for k in range(D_in)] for i in range(N)])
y = x[:, 3:]
w = np.random.RandomState(0).standard_normal((D_in, D_out))
rate = 1e-2
losses = []
rounds = 40

for _ in range(rounds):
    y_pred = x.dot(w)
    loss = np.square(y_pred - y).sum()
    losses.append(loss)
    grad_y_pred = 2.0 * (y_pred - y)
    grad_w = x.T.dot(grad_y_pred)
    w = w - rate * grad_w
