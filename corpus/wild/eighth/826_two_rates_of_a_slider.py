import numpy as np

np.random.seed(4)

hidden_neurons = 3
epochs = 1500
alr = 0.1

# XNOR
train_inp = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
train_out = np.array([[1.0], [-1.0], [-1.0], [1.0]])

patterns = train_inp.shape[0]

# a bias as an input
bias = np.ones((patterns, 1))
with_bias = np.hstack([train_inp, bias])

w_in_hid = (np.random.randn(with_bias.shape[1], hidden_neurons) - 0.5) / 10
w_hid_out = (np.random.randn(1, hidden_neurons) - 0.5) / 10

blr = alr / 10
err = []
for epoch in range(epochs):
    for j in range(patterns):
        # any pattern
        patnum = np.random.randint(patterns)
        this_pat = with_bias[patnum : patnum + 1, :]
        act = train_out[patnum, 0]

        hval = np.tanh(this_pat @ w_in_hid).T
        pred = hval.T @ w_hid_out.T
        error = pred - act

        # hidden - output
        delta_HO = error * blr * hval
        w_hid_out = w_hid_out - delta_HO.T

        # input - hidden
        delta_IH = alr * error * w_hid_out.T * (1 - hval**2) @ this_pat
        w_in_hid = w_in_hid - delta_IH.T

    pred = w_hid_out @ np.tanh(with_bias @ w_in_hid).T
    error = pred.T - train_out
    err.append(np.sum(error**2) ** 0.5)
    if err[-1] < 0.001:
        print("converged at epoch", epoch)
        break

print(np.hstack([train_out, pred.T]))
