import numpy as np

np.random.seed(42)


def squash(x):
    return 1 / (1 + np.exp(-x))


def slope(x):
    return x * (1 - x)


input_data = np.array([[0, 1, 0], [1, 1, 0], [1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 0, 0], [1, 1, 1], [0, 0, 0]])
labels = np.array([[1], [0], [0], [1], [0], [1], [1], [0]])

epochs = 60000
batch_size = 4
n_samples = input_data.shape[0]

w_in = np.random.random((3, 5))
w_out = np.random.random((5, 1))
b_in = np.random.random((1, 5))
b_out = np.random.random((1, 1))

for epoch in range(1, epochs + 1):
    for batch in range(n_samples // batch_size):
        here = input_data[batch_size * batch:batch_size * (batch + 1)]
        hidden = squash(np.dot(here, w_in) + b_in)
        output = squash(np.dot(hidden, w_out) + b_out)
        wanted = labels[batch_size * batch:batch_size * (batch + 1)]

        loss = output - wanted

        w_in -= 0.01 * here.T.dot((loss * slope(output)).dot(w_out.T) * slope(hidden))
        b_in -= 0.01 * sum((loss * slope(output)).dot(w_out.T) * slope(hidden))
        w_out -= 0.01 * hidden.T.dot(loss * slope(output))
        b_out -= 0.01 * sum(loss * slope(output))

    if epoch % 6000 == 0:
        print("Epoch", epoch, "loss", sum(abs(loss))[0])
