import numpy as np


def init_layers(inputs):
    rng = np.random.RandomState(0)
    layers = []
    for i in range(1, len(inputs)):
        layers.append([rng.rand(inputs[i - 1], inputs[i]) / 5 - 0.1, np.ones((1, inputs[i]))])
    return layers


def forward(batch, layers):
    kept = [batch.copy()]
    for i in range(len(layers)):
        batch = np.matmul(batch, layers[i][0]) + layers[i][1]
        if i < len(layers) - 1:
            batch = np.maximum(batch, 0)
        kept.append(batch.copy())
    return batch, kept


def mse(actual, predicted):
    return (actual - predicted) ** 2


def mse_grad(actual, predicted):
    return predicted - actual


def backward(layers, kept, grad, lr):
    for i in range(len(layers) - 1, -1, -1):
        if i != len(layers) - 1:
            grad = np.multiply(grad, np.heaviside(kept[i + 1], 0))

        grad_w = kept[i].T @ grad
        grad_b = np.mean(grad, axis=0)
        layers[i][0] -= grad_w * lr
        layers[i][1] -= grad_b * lr

        grad = grad @ layers[i][0].T
    return layers


def train(train_x, train_y, layers, lr=1e-6, epochs=10, batch_size=8):
    for epoch in range(epochs):
        losses = []
        for i in range(0, train_x.shape[0], batch_size):
            x_part = train_x[i:(i + batch_size)]
            y_part = train_y[i:(i + batch_size)]
            pred, kept = forward(x_part, layers)
            loss = mse_grad(y_part, pred)
            losses.append(np.mean(loss**2))
            layers = backward(layers, kept, loss, lr)
        print("Epoch", epoch, "train MSE", sum(losses) / len(losses))
    return layers
