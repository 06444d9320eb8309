"""Data larger than memory: memory, rows a second and the quality of shuffling by windows, in one run.

``python -m benchmarks.streams --rows 20000000 --folder DIR`` writes a file of that many rows of 50 float32 features and
their classes, and trains on it: by windows, in memory (a part that fits, for the rate), and by scikit-learn's
``partial_fit`` over the same file. Rates are compared in turns within this run.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier as TheirClassifier

from benchmarks.machine import describe_machine
from chainrule import MLPClassifier, stream

if TYPE_CHECKING:
    from collections.abc import Callable

N_FEATURES = 50
PIECE = 500_000  # rows written, or handed to partial_fit, at once
SOME = 5_000_000  # rows that are trained on in memory, too
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
    """Bytes of this process, and of all that it has started, that are no pages of a file."""
    this, total = psutil.Process(), 0
    for process in (this, *this.children(recursive=True)):
        try:
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        except OSError:
            continue  # it has ended
        total += next((1024 * int(line.split()[1]) for line in lines if line.startswith("RssAnon")), 0)
    return total


class Peak(threading.Thread):
    """The most anonymous memory above that of the start, looked at twenty times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.began, self.most, self.ended = anonymous(), 0, threading.Event()

    def run(self) -> None:
        """Look until it is told to end."""
        while not self.ended.wait(0.05):
            self.most = max(self.most, anonymous() - self.began)

    def end(self) -> float:
        """Stop looking, and return the megabytes."""
        self.ended.set()
        self.join()
        return self.most / 1e6


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def by_partial_fit(X: Any, y: Any) -> None:
    """Train scikit-learn's estimator once over rows, a piece at a time."""
    clf = TheirClassifier(**SETTINGS)
    for begin in range(0, len(X), PIECE):
        clf.partial_fit(np.array(X[begin : begin + PIECE]), np.array(y[begin : begin + PIECE]), classes=[0, 1, 2])


def rates(X: Any, y: Any, rounds: int) -> dict[str, list[float]]:
    """Rows a second of an epoch, in turns: by windows, in memory, by partial_fit."""
    clf = MLPClassifier(**SETTINGS, max_iter=1, engine="compiled")
    in_memory = np.array(X), np.array(y)
    fifth = len(X) // 5
    jobs = {
        "windows": (len(X), lambda: clf.fit(stream(X, y))),
        "in memory": (len(X), lambda: clf.fit(*in_memory)),
        "partial_fit": (fifth, lambda: by_partial_fit(X[:fifth], y[:fifth])),
    }
    clf.fit(in_memory[0][:1000], in_memory[1][:1000])  # kernels
    found: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, (n_rows, job) in jobs.items():
            found[name].append(n_rows / seconds(job))
    return found


def quality(X: Any, y: Any, seeds: int) -> dict[str, list[float]]:
    """Loss on other rows after three epochs: shuffled by windows of a fiftieth, in full, and rows sorted by class."""
    cut = len(X) * 4 // 5
    train, test = (np.array(X[:cut]), np.array(y[:cut])), (np.array(X[cut:]), np.array(y[cut:]))
    by_class = np.argsort(train[1], kind="stable")
    data = {
        "in full": train,
        "by windows": (stream(*train, memory=train[0].nbytes // 16),),
        "by windows, rows sorted by class": (
            stream(train[0][by_class], train[1][by_class], memory=train[0].nbytes // 16),
        ),
    }
    found: dict[str, list[float]] = {name: [] for name in data}
    for seed in range(seeds):
        for name, given in data.items():
            clf = MLPClassifier(**SETTINGS | {"random_state": seed}, max_iter=3).fit(*given)
            found[name].append(float(log_loss(test[1], clf.predict_proba(test[0]))))
    return found


def whole(X: Any, y: Any) -> dict[str, float]:
    """Two epochs over all rows with early stopping: anonymous memory above the start, and rows a second."""
    peak = Peak()
    peak.start()
    clf = MLPClassifier(**SETTINGS, max_iter=2, engine="compiled", early_stopping=True)
    took = seconds(lambda: clf.fit(stream(X, y)))
    return {
        "MB above the start": peak.end(),
        "rows a second": 2 * len(X) / took,
        "score": clf.validation_scores_[-1],
    }


def main() -> None:
    """Write the file, measure, print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streams", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    given.folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, Any] = {"machine": describe_machine(), "rows": given.rows}
    write(given.folder, given.rows)
    X, y = (np.load(given.folder / f"{name}.npy", mmap_mode="r") for name in "Xy")
    told["all rows"] = whole(X, y)
    some = min(given.rows, SOME)
    told["rows a second"] = rates(X[:some], y[:some], given.rounds)
    told["loss on other rows"] = quality(X[: some // 25], y[: some // 25], seeds=5)
    sys.stdout.write(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
