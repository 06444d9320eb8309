import numpy as np

np.random.seed(0)
X = np.random.randn(20, 2)
y = (X[:, 0] > X[:, 1]).astype(int) + (X[:, 1] > 1)

N = len(X)
in_dim = 2
out_dim = 3
lr = 0.01
lam = 0.01


def model_loss(model, X, y):
    w1, w2, b1, b2 = model['w1'], model['w2'], model['b1'], model['b2']
    a1 = np.tanh(X.dot(w1) + b1)
    e = np.exp(a1.dot(w2) + b2)
    p = e / np.sum(e, axis=1, keepdims=True)

    right_logs = -np.log(p[range(N), y])
    total = np.sum(right_logs)
    total += lam / 2 * (np.sum(np.square(w1)) + np.sum(np.square(w2)))
    return 1. / N * total


def predict(model, x):
    w1, w2, b1, b2 = model['w1'], model['w2'], model['b1'], model['b2']
    return np.argmax(np.tanh(x.dot(w1) + b1).dot(w2) + b2, axis=1)


def make_model(hid_dim, epochs, lr, lam):
    w1 = np.random.randn(in_dim, hid_dim) / np.sqrt(in_dim)
    b1 = np.zeros((1, hid_dim))
    w2 = np.random.randn(hid_dim, out_dim) / np.sqrt(hid_dim)
    b2 = np.zeros((1, out_dim))
    model = {}

    for epoch in range(epochs):
        a1 = np.tanh(X.dot(w1) + b1)
        e = np.exp(a1.dot(w2) + b2)
        p = e / np.sum(e, axis=1, keepdims=True)

        # back
        d3 = p
        d3[range(N), y] -= 1
        dw2 = (a1.T).dot(d3)
        db2 = np.sum(d3, axis=0, keepdims=True)
        d2 = d3.dot(w2.T) * (1 - np.power(a1, 2))
        dw1 = X.T.dot(d2)
        db1 = np.sum(d2, axis=0, keepdims=True)

        dw2 += lam * w2
        dw1 += lam * w1

        w1 += -lr * dw1
        b1 += -lr * db1
        w2 += -lr * dw2
        b2 += -lr * db2
        model = {'w1': w1, 'b1': b1, 'w2': w2, 'b2': b2}
        if epoch % 1000 == 0:
            print(f"loss after {epoch}: {model_loss(model, X, y)}")
    return model


if __name__ == "__main__":
    make_model(4, 10000, lr, lam)
