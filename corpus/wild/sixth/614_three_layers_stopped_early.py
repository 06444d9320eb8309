import numpy as np

np.random.seed(123)

x_train = np.random.randn(20, 3)
y_train = np.eye(2)[(x_train[:, 0] > 0).astype(int)]
N = len(x_train)
n_feats = x_train.shape[1]
n_out = y_train.shape[1]

eta = 0.1
shrink = 0.1
shrink_every = 200
max_epoch = 20
n_hidden = 4

w1 = np.random.randn(n_hidden, n_feats)
b1 = np.random.randn(n_hidden, 1)
w2 = np.random.randn(n_hidden, n_hidden)
b2 = np.random.randn(n_hidden, 1)
w3 = np.random.randn(n_out, n_hidden)
b3 = np.random.randn(n_out, 1)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def slope(x):
    return sigmoid(x) * (1 - sigmoid(x))


losses = []
for epoch in range(max_epoch):
    order = np.random.permutation(N)
    total = 0
    for n in range(N):
        i = order[n]
        x_in = np.array(x_train[i]).reshape((n_feats, 1))
        y = np.array(y_train[i]).reshape((n_out, 1))

        # forward
        z1 = np.matmul(w1, x_in) + b1
        h1 = sigmoid(z1)
        z2 = np.matmul(w2, h1) + b2
        h2 = sigmoid(z2)
        z3 = np.matmul(w3, h2) + b3
        y_hat = sigmoid(z3)

        squared = np.sum((y - y_hat) ** 2)
        # output layer
        delta3 = (y_hat - y) * slope(z3)
        grad_w3 = np.matmul(delta3, h2.T)
        grad_b3 = delta3
        # second hidden layer
        delta2 = np.matmul(w3.T, delta3) * slope(z2)
        grad_w2 = np.matmul(delta2, h1.T)
        grad_b2 = delta2
        # first hidden layer
        delta1 = np.matmul(w2.T, delta2) * slope(z1)
        grad_w1 = np.matmul(delta1, x_in.T)
        grad_b1 = delta1

        w3 = w3 - eta * grad_w3
        b3 = b3 - eta * grad_b3
        w2 = w2 - eta * grad_w2
        b2 = b2 - eta * grad_b2
        w1 = w1 - eta * grad_w1
        b1 = b1 - eta * grad_b1

        total += squared

    mse = total / len(x_train)
    losses.append(mse)
    print('Epoch: ' + str(epoch) + ' MSE: ' + str(mse))
    if epoch > 0 and losses[-1] > losses[-2]:
        print('stopped early')
        break
    if epoch % shrink_every == 0 and epoch != 0:
        eta = eta * shrink
