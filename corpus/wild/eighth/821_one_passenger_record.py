import numpy as np

# one record, scaled
x = {"class": 0.3, "age": 0.25, "fare": 0.7}
y_wanted = 1

w_ih = {
    "x1_h1": 0.12, "x2_h1": 0.15, "x3_h1": 0.18,
    "x1_h2": 0.22, "x2_h2": 0.25, "x3_h2": 0.28,
}
b_h = {"h1": 0.1, "h2": 0.1}
w_ho = {"h1_o1": 0.33, "h2_o1": 0.36}
b_o = 0.1
rate = 0.1


# task 1 and 2: the hidden neurons
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


net_h1 = x["class"] * w_ih["x1_h1"] + x["age"] * w_ih["x2_h1"] + x["fare"] * w_ih["x3_h1"] + b_h["h1"]
net_h2 = x["class"] * w_ih["x1_h2"] + x["age"] * w_ih["x2_h2"] + x["fare"] * w_ih["x3_h2"] + b_h["h2"]
out_h1 = sigmoid(net_h1)
out_h2 = sigmoid(net_h2)

# task 3 and 4: the output and its error
net_o1 = out_h1 * w_ho["h1_o1"] + out_h2 * w_ho["h2_o1"] + b_o
y_found = sigmoid(net_o1)
mse = 0.5 * (y_wanted - y_found) ** 2
print(f"MSE: {mse:.4f}")


# task 5: deltas
def sigmoid_derivative(z):
    return sigmoid(z) * (1 - sigmoid(z))


delta_o1 = -(y_wanted - y_found) * sigmoid_derivative(net_o1)
delta_h1 = delta_o1 * w_ho["h1_o1"] * sigmoid_derivative(net_h1)
delta_h2 = delta_o1 * w_ho["h2_o1"] * sigmoid_derivative(net_h2)

# task 6: steps
w_ho["h1_o1"] = w_ho["h1_o1"] - rate * (delta_o1 * out_h1)
w_ho["h2_o1"] = w_ho["h2_o1"] - rate * (delta_o1 * out_h2)
b_o = b_o - rate * delta_o1

w_ih["x1_h1"] = w_ih["x1_h1"] - rate * (delta_h1 * x["class"])
w_ih["x2_h1"] = w_ih["x2_h1"] - rate * (delta_h1 * x["age"])
w_ih["x3_h1"] = w_ih["x3_h1"] - rate * (delta_h1 * x["fare"])
w_ih["x1_h2"] = w_ih["x1_h2"] - rate * (delta_h2 * x["class"])
w_ih["x2_h2"] = w_ih["x2_h2"] - rate * (delta_h2 * x["age"])
w_ih["x3_h2"] = w_ih["x3_h2"] - rate * (delta_h2 * x["fare"])
b_h["h1"] = b_h["h1"] - rate * delta_h1
b_h["h2"] = b_h["h2"] - rate * delta_h2

print(w_ho, w_ih, b_h)
