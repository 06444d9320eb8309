"""Kills: workers of a training are killed at rounds drawn by a seed, and its client; the bits stay the same.

``nice python -m benchmarks.cluster_kills --kills 200 --clients 5`` says what was killed and whether theta is the same.
"""

from __future__ import annotations

import argparse
import multiprocessing
import multiprocessing.forkserver
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import click
import dask
import numpy as np
from sklearn.datasets import load_digits

import chainrule as cr
from chainrule.scale.training_checkpoint import MidEpoch, TrainingCheckpoint

KILLS_OF_A_RUN = 20
EPOCHS = 5
ROUNDS = EPOCHS * 8  # 1797 rows, 256 an update


def estimator() -> cr.MLPClassifier:
    """What is trained, long enough for its kills."""
    return cr.MLPClassifier((32,), batch_size=256, max_iter=EPOCHS, random_state=0, engine="textbook", tol=0.0)


def opened(folder: Path) -> cr.Stream:
    """Return scikit-learn's digits as two files."""
    X, y = load_digits(return_X_y=True)
    if not (folder / "y.npy").exists():
        np.save(folder / "X.npy", X.astype(np.float32))
        np.save(folder / "y.npy", y)
    return cr.stream(*(np.load(folder / f"{name}.npy", mmap_mode="r") for name in "Xy"))


def train(folder: Path, client: Any, checkpoint: Path | None = None) -> cr.MLPClassifier:
    """Train once."""
    clf: cr.MLPClassifier = cr.scale.fit(
        estimator(), opened(folder), client=client, group_rows=64, block_rows=16, checkpoint=checkpoint,
        checkpoint_every=1,
    )  # fmt: skip
    return clf


class Killing:
    """What kills a worker after some rounds, counted over the epochs of a run."""

    def __init__(self, seed: int) -> None:
        self.keep = TrainingCheckpoint.rounds
        self.client: Any = None
        self.rounds: set[int] = set()
        self.dice = random.Random(seed)  # noqa: S311
        self.count = self.killed = 0

    def after_round(self, checkpoint: TrainingCheckpoint, step: MidEpoch) -> None:
        """Do what ``TrainingCheckpoint.rounds`` does, and kill a worker where it is time."""
        self.keep(checkpoint, step)
        if self.count in self.rounds:
            alive = [nanny.pid for nanny in list(self.client.cluster.workers.values()) if nanny.pid]
            if alive:
                os.kill(self.dice.choice(alive), signal.SIGKILL)
                self.killed += 1
        self.count += 1

    def begin(self, client: Any, rounds: set[int]) -> None:
        """Begin a run."""
        self.client, self.rounds, self.count = client, rounds, 0


def kill_workers(folder: Path, wanted: int, workers: int, seed: int) -> bool:
    """Kill so many workers over several runs, and compare each with a quiet one."""
    killing, runs, equal, began = Killing(seed), 0, 0, time.monotonic()

    def rounds(checkpoint: TrainingCheckpoint, step: MidEpoch) -> None:
        killing.after_round(checkpoint, step)

    TrainingCheckpoint.rounds = rounds  # type: ignore[method-assign]
    with cr.scale.cluster(workers=workers) as client:
        killing.begin(client, set())
        quiet = train(folder, client)
        while killing.killed < wanted:
            killing.begin(client, set(killing.dice.sample(range(ROUNDS), min(KILLS_OF_A_RUN, wanted - killing.killed))))
            shaken = train(folder, client)
            runs, equal = runs + 1, equal + bool(np.array_equal(shaken.theta_, quiet.theta_))
            click.echo(f"{killing.killed} killed in {runs} runs, {equal} with the bits of a quiet one, "
                  f"{time.monotonic() - began:.0f} s")  # fmt: skip
    return runs == equal


def kill_clients(folder: Path, wanted: int) -> bool:
    """Kill the training process itself so often, start it again each time, and compare the end with a quiet one."""
    with cr.scale.cluster(workers=1) as client:
        quiet = train(folder, client)
    dice, ended = random.Random(1), 0  # noqa: S311
    while ended < wanted:
        before = told(folder)
        process = subprocess.Popen([sys.executable, "-m", "benchmarks.cluster_kills", "--train", str(folder)])  # noqa: S603
        rounds = dice.randint(2, ROUNDS // (wanted + 1))
        while told(folder) < before + rounds and process.poll() is None:
            time.sleep(0.02)
        if process.poll() is None:
            process.kill()
            ended += 1
        process.wait()
        click.echo(f"client {ended} killed after {told(folder)} rounds")
    with cr.scale.cluster(workers=1) as client:
        resumed = train(folder, client, folder / "run")
    same = bool(np.array_equal(resumed.theta_, quiet.theta_))
    click.echo(f"{ended} clients killed; the bits are {'the same' if same else 'OTHERS'}")
    return same


def told(folder: Path) -> int:
    """How many rounds a checkpoint has, over all epochs."""
    try:
        with np.load(folder / "run" / "step.npz") as file:
            epoch, rounds, _ = file["counts"].tolist()
    except OSError:
        return 0
    return int(epoch) * 8 + int(rounds)


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--clients", type=int, default=5)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--train", type=Path)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    multiprocessing.set_forkserver_preload(["distributed.nanny", "chainrule.scale.cluster_fit"])
    multiprocessing.forkserver.ensure_running()
    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        if given.train is not None:
            with cr.scale.cluster(workers=1) as client:
                train(given.train, client, given.train / "run")
            return 0
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            fine = kill_workers(folder, given.kills, given.workers, given.seed)
            fine &= kill_clients(folder, given.clients) if given.clients else True
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
