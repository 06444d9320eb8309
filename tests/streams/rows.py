"""The rows of the streams' tests, without the libraries that know frames: a process of its own has them at once."""

import numpy as np

N_ROWS, N_FEATURES = 1000, 4
X = np.random.RandomState(0).normal(size=(N_ROWS, N_FEATURES)).astype(np.float32)
Y = (X[:, 0] + X[:, 1] > 0).astype(np.int64) + (X[:, 2] > 1)
