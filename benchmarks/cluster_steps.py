"""How long an update on a cluster takes: constants measured on workers of this machine, and what they say of many.

``python -m benchmarks.cluster_steps`` fits t = o + a·rows/W + b·bytes to the updates of one and two local workers: o is
what a round costs whatever is in it, a the work of a row, b what theta and its gradient cost on their way. From these
it **calculates** updates of 10 and 100 machines, whose sums are added in a tree of eight (as ``chainrule.scale`` does),
over networks of 1 and 10 Gbit/s with 0.2 ms of latency. It prints two tables in Markdown.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning

import chainrule as cr
from benchmarks.machine import cpu_model

N_ROWS, N_FEATURES, N_CLASSES = 65_536, 54, 7
NETWORKS = {"54-16-7": (16,), "54-256-256-7": (256, 256)}
ROWS = (1024, 8192)  # of an update
WORKERS = (1, 2)
MACHINES = (1, 10, 100)
GBITS = (1, 10)
LATENCY = 2e-4  # seconds a message
FAN_IN = 8
REPEATED = 3


def seconds_of_a_round(data: cr.Stream, hidden: tuple[int, ...], rows: int, workers: int) -> float:
    """The time of one update, of three epochs less that of one, each the best of its repetitions."""
    with cr.scale.cluster(workers=workers) as client:

        def seconds(epochs: int) -> float:
            clf = cr.MLPClassifier(hidden, batch_size=rows, max_iter=epochs, random_state=0, engine="compiled")
            began = time.perf_counter()
            cr.scale.fit(clf, data, client=client, group_rows=rows // 2, block_rows=128)
            return time.perf_counter() - began

        seconds(1)  # compiles and imports
        short, long = (min(seconds(epochs) for _ in range(REPEATED)) for epochs in (1, 3))
    return (long - short) / (2 * N_ROWS / rows)


def main() -> None:
    """Measure, fit, calculate."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    random = np.random.RandomState(0)
    folder = Path(tempfile.mkdtemp())
    np.save(folder / "X.npy", random.normal(size=(N_ROWS, N_FEATURES)).astype(np.float32))
    np.save(folder / "y.npy", random.randint(N_CLASSES, size=N_ROWS))
    data = cr.stream(folder / "X.npy", folder / "y.npy")
    sys.stdout.write(f"{cpu_model()}\n\n| network | rows an update | workers | measured |\n|---|---|---|---|\n")
    constants = {}
    for name, hidden in NETWORKS.items():
        equations, times = [], []
        for workers in WORKERS:
            for rows in ROWS:
                seconds = seconds_of_a_round(data, hidden, rows, workers)
                sys.stdout.write(f"| {name} | {rows} | {workers} | {1e3 * seconds:.1f} ms |\n")
                sys.stdout.flush()
                equations.append([1.0, rows / workers])
                times.append(seconds)
        constants[name] = np.linalg.lstsq(np.array(equations), np.array(times), rcond=None)[0]
    head = "| network | o + bytes | a, a row | machines | calculated at 1 Gbit/s | at 10 Gbit/s |"
    sys.stdout.write(f"\n{head}\n|---|---|---|---|---|---|\n")
    for name, (fixed, row) in constants.items():
        sizes = [N_FEATURES, *NETWORKS[name], N_CLASSES]
        size = 4 * sum((n + 1) * m for n, m in pairwise(sizes))
        for machines in MACHINES:
            steps = 2 * math.ceil(math.log(machines, FAN_IN)) if machines > 1 else 0  # up the tree, and down
            hops = [steps * (LATENCY + FAN_IN * 8 * size / (gbits * 1e9)) for gbits in GBITS]
            told = [fixed + row * N_ROWS / machines + hop for hop in hops]
            cells = " | ".join(f"{1e3 * seconds:.0f} ms" for seconds in told)
            sys.stdout.write(f"| {name} | {1e3 * fixed:.1f} ms | {1e6 * row:.2f} µs | {machines} | {cells} |\n")


if __name__ == "__main__":
    main()
