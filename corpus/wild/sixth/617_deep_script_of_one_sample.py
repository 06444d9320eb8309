import numpy as np


def act(x):
    return 1 / (1 + np.exp(-x))


def act_prime(x):
    return act(x) * (1 - act(x))


rng = np.random.RandomState(0)
L = 4
x_sample = rng.rand(4, 1)
y_sample = rng.rand(1, 1)

matrices = [rng.rand(4, 4) for _ in range(L - 1)] + [rng.rand(1, 4)]
offsets = [rng.rand(4, 1) for _ in range(L - 1)] + [rng.rand(1, 1)]

# there
values = [x_sample]
y = x_sample
for ell in range(L):
    S = act if ell < L - 1 else lambda x: x
    y = S(matrices[ell] @ y + offsets[ell])
    values.append(y)

# and back
grad_matrices = []
grad_offsets = []
dy = y - y_sample
for ell in reversed(range(L)):
    S = act_prime if ell < L - 1 else lambda x: np.ones(x.shape)
    A, b, y = matrices[ell], offsets[ell], values[ell]

    before = A @ values[ell] + b
    d_before = dy * S(before)

    db = np.sum(d_before, axis=1, keepdims=True)
    dA = d_before @ values[ell].T
    dy = A.T @ d_before

    grad_matrices.insert(0, dA)
    grad_offsets.insert(0, db)

print(grad_matrices[0])
