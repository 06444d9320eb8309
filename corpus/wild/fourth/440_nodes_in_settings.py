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
bias_op = np.random.rand(nodes_in_output_layer)


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


def sigmoid_der(x):
    return sigmoid(x) * (1 - sigmoid(x))


def limit_range(arr, limit):
    for w in range(len(arr)):
        if arr[w] > limit:
            arr[w] = limit
        elif arr[w] < -1 * limit:
            arr[w] = -1 * limit
    return arr


for epoch in range(num_epochs):
    input_hidden1 = np.dot(input_features, weight_hidden1) + bias1
    output_hidden1 = sigmoid(input_hidden1)
    input_hidden2 = np.dot(output_hidden1, weight_hidden2) + bias2
    output_hidden2 = sigmoid(input_hidden2)
    input_op = np.dot(output_hidden2, weight_output) + bias_op
    output_op = sigmoid(input_op)

    derror_douto = output_op - target_output
    douto_dino = sigmoid_der(input_op)
    deriv_op = derror_douto * douto_dino
    dino_dwo = output_hidden2
    derror_dwo = np.dot(dino_dwo.T, deriv_op)

    derror_dino2 = derror_douto * douto_dino
    dino_douth2 = weight_output
    derror_douth2 = np.dot(derror_dino2, dino_douth2.T)
    douth_dinh2 = sigmoid_der(input_hidden2)
    dinh_dwh2 = input_hidden1
    deriv2 = douth_dinh2 * derror_douth2
    derror_dwh2 = np.dot(dinh_dwh2.T, deriv2)

    derror_dino1 = np.dot(derror_dino2, dino_douth2.T)
    dino_douth1 = weight_hidden2
    derror_douth1 = np.dot(derror_dino1, dino_douth1.T)
    douth_dinh1 = sigmoid_der(input_hidden1)
    dinh_dwh1 = input_features
    deriv1 = douth_dinh1 * derror_douth1
    derror_dwh1 = np.dot(dinh_dwh1.T, deriv1)

    weight_output -= lr * derror_dwo
    weight_hidden2 -= lr * derror_dwh2
    weight_hidden1 -= lr * derror_dwh1
    for i in deriv_op:
        bias_op -= lr * i
    for j in deriv2:
        bias2 -= lr * j
    for k in deriv1:
        bias1 -= lr * k

    bias_op *= bias_scalar
    bias2 *= bias_scalar
    bias1 *= bias_scalar
    limit_range(bias_op, bias_limiter * nodes_in_input_layer)
    limit_range(bias2, bias_limiter * nodes_in_hidden_layer1)
    limit_range(bias1, bias_limiter * nodes_in_hidden_layer2)
