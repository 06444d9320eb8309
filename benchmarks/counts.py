"""Counts: what the mathematics of an epoch needs, whatever the program. The limit and GFLOP/s stand on them.

Matrix products cost 2 floating-point operations a multiplication and addition. Each sample goes through all weights
forward (2 Σ W), once more for the weights' gradients (2 Σ W), and its deltas go back through all layers but the first
(2 Σ W without W[0]). Biases, activations and updates are not counted as operations.

Exp-like calls (exp, log, tanh) are those that cannot be saved:
- a hidden sigmoid or tanh unit needs one, a relu none;
- a sigmoid output with log loss needs two: e^−|z| serves the probability and the loss alike, and the loss adds one log;
- a softmax of K outputs with cross-entropy needs K + 1: K exps, and one log for the log-sum-exp.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.workloads import Workload

ARRAYS = {"sgd": 1, "adam": 3}  # theta; theta, m and v
ITEMSIZE = {"float32": 4, "float64": 8}


def weights(workload: Workload) -> list[int]:
    """How many weights each layer has, biases left out."""
    return [n_in * n_out for n_in, n_out in pairwise(workload.sizes)]


def n_parameters(workload: Workload) -> int:
    """Weights and biases."""
    return sum(weights(workload)) + (sum(workload.sizes[1:]) if workload.bias else 0)


def epoch_flops(workload: Workload) -> int:
    """Floating-point operations of an epoch's matrix products, 2 N (2 Σ W + Σ W without the first layer's)."""
    per_layer = weights(workload)
    return 2 * workload.n_rows * (2 * sum(per_layer) + sum(per_layer[1:]))


def forward_flops(workload: Workload, n_rows: int) -> int:
    """Floating-point operations of one forward pass's matrix products, 2 N Σ W."""
    return 2 * n_rows * sum(weights(workload))


def epoch_exps(workload: Workload) -> int:
    """Exp-like calls of an epoch, forward and loss; a derivative needs none of its own."""
    hidden = 0 if workload.hidden == "relu" else sum(workload.sizes[1:-1])
    output = 2 if workload.output == "sigmoid" else workload.sizes[-1] + 1
    return workload.n_rows * (hidden + output)


def state_bytes(workload: Workload) -> int:
    """Bytes of the parameters and what the optimizer keeps beside them."""
    return ITEMSIZE[workload.dtype] * n_parameters(workload) * ARRAYS[workload.optimizer]


def epoch_bytes(workload: Workload) -> int:
    """Bytes of parameters and optimizer state read and written in an epoch: all of them twice an update."""
    return 2 * state_bytes(workload) * workload.n_updates
