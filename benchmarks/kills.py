"""Kills: a training on a stream is killed at random moments, goes on from its checkpoint, and ends with the same bits.

``python -m benchmarks.kills --kills 200 --folder DIR`` trains in processes of its own, each of which is sent SIGKILL
after a random time, until so many were killed; a training that came to its end is compared and the next one begins.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from chainrule import Checkpoint, MLPClassifier, Stream, stream

N_ROWS, N_FEATURES = 4000, 6
SETTINGS = {"max_iter": 40, "batch_size": 50, "random_state": 0, "early_stopping": True, "n_iter_no_change": 100}
MEMORY = "100 KB"  # some ten windows


def data_in(folder: Path) -> Stream:
    """Write X.npy and y.npy where they are missing, and open them."""
    if not (folder / "y.npy").exists():
        X = np.random.RandomState(0).normal(size=(N_ROWS, N_FEATURES)).astype(np.float32)
        np.save(folder / "X.npy", X)
        np.save(folder / "y.npy", (X[:, 0] * X[:, 1] > 0).astype(np.int8))
    return stream(folder / "X.npy", folder / "y.npy", memory=MEMORY)


def fitted(data: Stream, checkpoint: Checkpoint | None) -> MLPClassifier:
    """Train to the end, from a checkpoint where there is one."""
    return MLPClassifier((8,), engine="compiled", **SETTINGS).fit(data, checkpoint=checkpoint)


def killed_after(data: Stream, path: Path, seconds: float) -> bool:
    """Train in a process of its own and kill it after a time; return whether that came before its end."""
    process = os.fork()
    if process == 0:
        fitted(data, Checkpoint(path))
        os._exit(0)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def is_kept(folder: Path) -> bool:
    """Whether a checkpoint holds an epoch."""
    return (folder / "epoch.safetensors").exists()


def count_kills(folder: Path, kills: int, seed: int) -> dict[str, int]:
    """Kill so many trainings, and count those that ended with the bits of one that was left alone, and the others."""
    data, random, number = data_in(folder), np.random.RandomState(seed), 0
    whole = fitted(data, None)  # what is loaded is loaded once, and each process is a copy of this one
    for name in ("first", "second"):
        shutil.rmtree(folder / name, ignore_errors=True)
    fitted(data, Checkpoint(folder / "first"))
    began = time.perf_counter()
    fitted(data, Checkpoint(folder / "second"))
    longest = time.perf_counter() - began
    counts = {"killed": 0, "before the first checkpoint": 0, "ended with the same bits": 0, "with others": 0}
    path = folder / "run-0"
    while counts["killed"] < kills or is_kept(path):
        if counts["killed"] < kills and killed_after(data, path, random.uniform(0, longest / 3)):
            counts["killed"] += 1
            counts["before the first checkpoint"] += not is_kept(path)
            if counts["killed"] < kills or not is_kept(path):
                continue
        end = fitted(data, Checkpoint(path))
        same = end.theta_.tobytes() == whole.theta_.tobytes() and end.loss_curve_ == whole.loss_curve_
        counts["ended with the same bits" if same else "with others"] += 1
        number += 1
        path = folder / f"run-{number}"
    return counts


def main() -> None:
    """Kill, count, print one JSON object; end with 1 where a training ended with other bits."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    given.folder.mkdir(parents=True, exist_ok=True)
    counts = count_kills(given.folder, given.kills, given.seed)
    sys.stdout.write(json.dumps(counts) + "\n")
    sys.exit(1 if counts["with others"] or not counts["ended with the same bits"] else 0)


if __name__ == "__main__":
    main()
