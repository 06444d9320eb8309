import numpy as np


def manual_grad(params, data_input, data_output):
    W1, b1, W2 = params
    pre = W1 @ data_input
    shifted = pre + b1[:, None]
    kept = shifted * (shifted > 0)
    out = W2 @ kept
    loss = np.mean(np.square(out - data_output))

    d_out = 2 * (out - data_output) / data_output.shape[1]
    d_kept = W2.T @ d_out
    d_shifted = d_kept * (shifted > 0)
    d_pre = d_shifted

    d_W2 = d_out @ kept.T
    d_b1 = np.mean(d_shifted, axis=1)
    d_W1 = d_pre @ data_input.T
    return [d_W1, d_b1, d_W2], loss
