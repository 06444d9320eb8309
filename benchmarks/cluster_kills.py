"""Kills: workers of a training are killed at rounds drawn by a seed, and its client; the bits stay the same.

``nice python -m benchmarks.cluster_kills --kills 200 --clients 20`` says what was killed and whether theta is the same.
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
from chainrule.scale.mid_epoch import STEP, KeptRounds, MidEpoch

KILLS_OF_A_RUN = 20
CLIENTS_OF_A_RUN = 4
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


def train(folder: Path, client: Any, checkpoint: cr.Checkpoint | None = None) -> cr.MLPClassifier:
    """Train once."""
    clf: cr.MLPClassifier = cr.scale.fit(
        estimator(), opened(folder), client=client, group_rows=64, block_rows=16, checkpoint=checkpoint,
        checkpoint_every=1,
    )  # fmt: skip
    return clf


class Killing:
    """What kills a worker after some rounds, counted over the epochs of a run."""

    def __init__(self, seed: int) -> None:
        self.keep = KeptRounds.rounds
        self.client: Any = None
        self.rounds: set[int] = set()
        self.dice = random.Random(seed)  # noqa: S311
        self.count = self.killed = 0

    def after_round(self, kept: KeptRounds, step: MidEpoch) -> None:
        """Do what ``KeptRounds.rounds`` does, and kill a worker where it is time."""
        self.keep(kept, step)
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

    def rounds(kept: KeptRounds, step: MidEpoch) -> None:
        killing.after_round(kept, step)

    KeptRounds.rounds = rounds  # type: ignore[method-assign]
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


def kill_clients(folder: Path, wanted: int, seed: int) -> bool:
    """Kill the process that trains so often, start it again each time, and compare each end with a quiet one."""
    with cr.scale.cluster(workers=1) as client:
        quiet = train(folder, client)
    dice, killed, runs, equal = random.Random(seed), 0, 0, 0  # noqa: S311
    while killed < wanted:
        checkpoint = cr.Checkpoint(folder / f"run-{runs}")
        for moment in sorted(dice.sample(range(1, ROUNDS - 5), min(CLIENTS_OF_A_RUN, wanted - killed))):
            killed += killed_at(checkpoint, moment)
            click.echo(f"client {killed} was killed after {rounds_of(checkpoint)} of {ROUNDS} rounds of run {runs}")
        with cr.scale.cluster(workers=1) as client:
            resumed = train(folder, client, checkpoint)
        same = np.array_equal(resumed.theta_, quiet.theta_) and resumed.loss_curve_ == quiet.loss_curve_
        runs, equal = runs + 1, equal + bool(same)
        click.echo(f"{killed} clients killed in {runs} trainings, {equal} with the bits of a quiet one")
    return runs == equal


def killed_at(checkpoint: cr.Checkpoint, moment: int) -> bool:
    """Train in a process of its own and kill it after a round; return whether that came before its end."""
    moment = max(moment, rounds_of(checkpoint) + 1)
    words = [sys.executable, "-m", "benchmarks.cluster_kills", "--train", str(checkpoint.folder)]
    with subprocess.Popen(words, cwd=Path(__file__).parents[1]) as process:  # noqa: S603
        while rounds_of(checkpoint) < moment and process.poll() is None:
            time.sleep(0.02)
        process.kill()
    return process.returncode == -signal.SIGKILL


def rounds_of(checkpoint: cr.Checkpoint) -> int:
    """How many rounds a checkpoint has, over all epochs."""
    try:
        with np.load(checkpoint.folder / STEP) as file:
            epoch, rounds, _ = file["counts"].tolist()
    except FileNotFoundError:
        return 0
    return int(epoch) * (ROUNDS // EPOCHS) + int(rounds)


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--train", type=Path, help="the folder of a checkpoint, in that of the data")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    multiprocessing.set_forkserver_preload(["distributed.nanny", "chainrule.scale.cluster_fit"])
    multiprocessing.forkserver.ensure_running()
    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        if given.train is not None:
            with cr.scale.cluster(workers=1) as client:
                train(given.train.parent, client, cr.Checkpoint(given.train))
            return 0
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            fine = kill_workers(folder, given.kills, given.workers, given.seed) if given.kills else True
            fine &= kill_clients(folder, given.clients, given.seed) if given.clients else True
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
