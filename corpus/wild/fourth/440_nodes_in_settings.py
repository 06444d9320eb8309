import numpy as np

nodes_in_input_layer = 2
nodes_in_hidden_layer1 = 4
nodes_in_hidden_layer2 = 3
nodes_in_output_layer = 2

num_epochs = 5
lr = 0.01
bias_limiter = 4
bias_scalar = 0.001

input_features = np.array([[0.0, 0.5], [0.3, 1.0], [1.0, 0.2], [0.8, 0.9], [0.1, 0.4]])
target_output = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])

np.random.seed(0)
weight_hidden1 = np.random.rand(nodes_in_input_layer, nodes_in_hidden_layer1)
weight_hidden2 = np.random.rand(nodes_in_hidden_layer1, nodes_in_hidden_layer2)
weight_output = np.random.rand(nodes_in_hidden_layer2, nodes_in_output_layer)
bias1 = np.random.rand(nodes_in_hidden_layer1)
bias2 = np.random.rand(nodes_in_hidden_layer2)
bias_out = np.random.rand(nodes_in_output_layer)


def sigmoid(x):
    for j in range(len(x)):
        for h in range(len(x[j])):
            temp = x[j][h]
            if temp >= 0:
                x[j][h] = 1 / (1 + np.exp(-temp))
            else:
                temp = np.exp(temp)
                x[j][h] = temp / (1 + temp)
    return x


def sigmoid_slope(x):
    return sigmoid(x) * (1 - sigmoid(x))


def keep_within(arr, limit):
    for w in range(len(arr)):
        if arr[w] > limit:
            arr[w] = limit
        elif arr[w] < -1 * limit:
            arr[w] = -1 * limit
    return arr


for epoch in range(num_epochs):
    net_hidden1 = np.dot(input_features, weight_hidden1) + bias1
    out_hidden1 = sigmoid(net_hidden1)
    net_hidden2 = np.dot(out_hidden1, weight_hidden2) + bias2
    out_hidden2 = sigmoid(net_hidden2)
    net_out = np.dot(out_hidden2, weight_output) + bias_out
    out = sigmoid(net_out)

    derr_dout = out - target_output
    dout_dnet = sigmoid_slope(net_out)
    slope_out = derr_dout * dout_dnet
    dnet_dwo = out_hidden2
    derr_dwo = np.dot(dnet_dwo.T, slope_out)

    derr_dnet2 = derr_dout * dout_dnet
    dnet_dhid2 = weight_output
    derr_dhid2 = np.dot(derr_dnet2, dnet_dhid2.T)
    dhid_dnet2 = sigmoid_slope(net_hidden2)
    dnet_dwh2 = net_hidden1
    slope2 = dhid_dnet2 * derr_dhid2
    derr_dwh2 = np.dot(dnet_dwh2.T, slope2)

    derr_dnet1 = np.dot(derr_dnet2, dnet_dhid2.T)
    dnet_dhid1 = weight_hidden2
    derr_dhid1 = np.dot(derr_dnet1, dnet_dhid1.T)
    dhid_dnet1 = sigmoid_slope(net_hidden1)
    dnet_dwh1 = input_features
    slope1 = dhid_dnet1 * derr_dhid1
    derr_dwh1 = np.dot(dnet_dwh1.T, slope1)

    weight_output -= lr * derr_dwo
    weight_hidden2 -= lr * derr_dwh2
    weight_hidden1 -= lr * derr_dwh1
    for i in slope_out:
        bias_out -= lr * i
    for j in slope2:
        bias2 -= lr * j
    for k in slope1:
        bias1 -= lr * k

    bias_out *= bias_scalar
    bias2 *= bias_scalar
    bias1 *= bias_scalar
    keep_within(bias_out, bias_limiter * nodes_in_input_layer)
    keep_within(bias2, bias_limiter * nodes_in_hidden_layer1)
    keep_within(bias1, bias_limiter * nodes_in_hidden_layer2)
