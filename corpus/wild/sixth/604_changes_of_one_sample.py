import numpy as np


def squash(v):
    return 1 / (1 + np.exp(-v))


def squash_slope(v):
    return squash(v) * (1 - squash(v))


sample = np.array([0.5, 0.1, -0.2])
goal = 0.6
pace = 0.5

w_in_mid = np.array([[0.5, -0.6],
                     [0.1, -0.2],
                     [0.1, 0.7]])

w_mid_out = np.array([0.1, -0.3])

# forward
mid_in = np.dot(sample, w_in_mid)
mid = squash(mid_in)

out_in = np.dot(mid, w_mid_out)
out = squash(out_in)

# backward
miss = goal - out
out_err = miss * squash_slope(out_in)
mid_err = np.dot(out_err, w_mid_out) * squash_slope(mid_in)

change_mid_out = pace * out_err * mid
change_in_mid = pace * mid_err * sample[:, None]

print('Change of the weights to the output:')
print(change_mid_out)
print('Change of the weights to the hidden units:')
print(change_in_mid)
