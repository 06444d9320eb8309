import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def local_gradient_sigmoid(a):
    return a * (1 - a)


def init_net(*sizes):
    rng = np.random.default_rng(2)
    layers = [{"w": rng.normal(size=(o, i)), "b": rng.normal(size=(o, 1))} for i, o in zip(sizes, sizes[1:])]
    return {"num_layers": len(layers), "layers": layers}


def feedforward(net, x, train_mode=0):
    """a batch of columns; in train mode the struct keeps inputs and local gradients"""
    zs = x
    for layer in net["layers"]:
        layer["x"] = zs
        zs = layer["w"] @ zs + layer["b"]
        activations = sigmoid(zs)
        if train_mode == 1:
            layer["local_gradient"] = local_gradient_sigmoid(activations)
    return activations, net


def backprop(net, x, labels):
    activations, net = feedforward(net, x, 1)

    dcost = activations - labels
    delta = dcost * net["layers"][-1]["local_gradient"]
    n = net["num_layers"]
    dw, db = [None] * n, [None] * n

    # the top layer
    db[-1] = delta
    dw[-1] = delta @ net["layers"][-1]["x"].T

    # the others, from the second last to the first
    for i in range(n - 2, -1, -1):
        delta = (dw[i + 1].T @ delta) * net["layers"][i]["local_gradient"]
        db[i] = delta
        dw[i] = delta @ net["layers"][i]["x"].T

    cost = np.sum(dcost**2, axis=0) / 2
    return dw, db, cost


def update_mini_batch(net, images, l, learning_rate):
    num_imgs = images.shape[1]
    labels = np.zeros((len(net["layers"][-1]["b"]), num_imgs))
    for i in range(num_imgs):
        labels[l[i], i] = 1

    dw, db, cost = backprop(net, images, labels)
    for i, layer in enumerate(net["layers"]):
        layer["w"] = layer["w"] - (learning_rate / num_imgs) * dw[i]
        layer["b"] = layer["b"] - (learning_rate / num_imgs) * np.sum(db[i], axis=1, keepdims=True)
    return net, np.sum(cost) / num_imgs


if __name__ == "__main__":
    rng = np.random.default_rng(5)
    labels = rng.integers(0, 3, 40)
    images = rng.normal(size=(4, 40)) + labels
    net = init_net(4, 5, 3)
    for turn in range(100):
        net, avg_cost = update_mini_batch(net, images, labels, 0.5)
    print(avg_cost)
