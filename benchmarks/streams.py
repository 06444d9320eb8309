"""Data larger than memory: memory, rows a second and the quality of shuffling by windows, in one run.

``python -m benchmarks.streams --rows 20000000 --folder DIR`` writes a file of that many rows of 50 float32 features and
their classes, and trains on it: by windows, in memory (a part that fits, for the rate), and by scikit-learn's
``partial_fit`` over the same file. Rates are compared in turns within this run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import psutil
from sklearn.neural_network import MLPClassifier as TheirClassifier

from benchmarks.machine import processor
from chainrule import MLPClassifier, stream

N_FEATURES = 50
PIECE = 500_000  # rows written, or handed to partial_fit, at once
SETTINGS = {"hidden_layer_sizes": (64,), "batch_size": 200, "random_state": 0}


def write(folder: Path, n_rows: int) -> None:
    """Write X.npy and y.npy: three classes by a random network, a tenth of them wrong."""
    random = np.random.default_rng(0)
    W = random.standard_normal((N_FEATURES, 8)).astype(np.float32)
    V = random.standard_normal((8, 3)).astype(np.float32)
    X = np.lib.format.open_memmap(folder / "X.npy", "w+", np.float32, (n_rows, N_FEATURES))
    y = np.lib.format.open_memmap(folder / "y.npy", "w+", np.int8, (n_rows,))
    for begin in range(0, n_rows, PIECE):
        part = random.standard_normal((min(PIECE, n_rows - begin), N_FEATURES), dtype=np.float32)
        labels = (np.tanh(part @ W / 4) @ V).argmax(axis=1)
        noise = random.random(len(part)) < 0.1
        labels[noise] = random.integers(0, 3, int(noise.sum()))
        X[begin : begin + len(part)], y[begin : begin + len(part)] = part, labels


def anonymous() -> int:
    """Bytes of this process that are no pages of a file."""
    return next(int(line.split()[1]) * 1024 for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))


class Peak:
    """The most anonymous memory since the start, looked at after every epoch and by a thread in between."""

    def __init__(self) -> None:
        self.start = self.most = anonymous()

    def look(self) -> None:
        """Look once."""
        self.most = max(self.most, anonymous())
