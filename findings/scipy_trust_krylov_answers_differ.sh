#!/usr/bin/env bash
# Guess: scipy.optimize.minimize is a function of its arguments: the same objective, start and options give the same
#   answer, whatever the method, as long as nothing in it is random. method="trust-krylov" has no random part.
# Behaviour: the same call, repeated in one process and in one thread, ends elsewhere. A network of 4-3-2 units, 60
#   samples, exact gradients: from some of twelve starts 15 calls give 2 to 12 answers, after 25 to 60 iterations,
#   with components of x that differ by up to 4.4; from the others all agree, and another run has other starts.
#   method="trust-ncg" with the same functions gives one answer to the bit from each start.
# Versions: SciPy 1.17.1, NumPy 2.4.6 (Python 3.11).
# Source: scipy.optimize.minimize(method="trust-krylov"), scipy/optimize/_trlib; its documentation names no randomness.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet scipy==1.17.1 numpy==2.4.6
OPENBLAS_NUM_THREADS=1 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
import scipy
from scipy.optimize import minimize

print("SciPy", scipy.__version__, "NumPy", np.__version__)
random = np.random.RandomState(0)
X = random.normal(size=(60, 4))
T = X @ random.normal(size=(4, 2)) + 0.1 * random.normal(size=(60, 2))


def fun(theta):
    """Half the squared error of a network, and its gradient."""
    W, b, V, c = theta[:12].reshape(4, 3), theta[12:15], theta[15:21].reshape(3, 2), theta[21:]
    H = np.tanh(X @ W + b)
    E = (H @ V + c - T) / len(X)
    D = (E @ V.T) * (1 - H * H)
    return 0.5 * len(X) * (E * E).sum(), np.concatenate([(X.T @ D).ravel(), D.sum(0), (H.T @ E).ravel(), E.sum(0)])


def hessp(theta, p):
    """The Hessian times p, by the derivative of the gradient along it."""
    length = np.linalg.norm(p)
    h = 6e-6 * max(1.0, np.linalg.norm(theta)) / length if length else 1.0
    return (fun(theta + h * p)[1] - fun(theta - h * p)[1]) / (2 * h)


answers = {}
for method in ("trust-ncg", "trust-krylov"):
    answers[method] = 0
    for seed in range(12):
        start = 0.5 * np.random.RandomState(seed).normal(size=23)
        ends = [minimize(fun, start.copy(), jac=True, hessp=hessp, method=method, options={"maxiter": 60}) for _ in range(15)]
        different = len({end.x.tobytes() for end in ends})
        apart = max(float(np.abs(end.x - ends[0].x).max()) for end in ends)
        print(f"{method}, start {seed}: {different} answers of 15 calls, iterations {sorted({end.nit for end in ends})}, apart {apart:.3g}")
        answers[method] = max(answers[method], different)
if answers["trust-krylov"] == 1 or answers["trust-ncg"] != 1:
    sys.exit("CHANGED: the same call of trust-krylov gives the same answer, or that of trust-ncg does not")
PY
