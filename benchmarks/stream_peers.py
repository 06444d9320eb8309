"""Data larger than memory beside the peers: seconds until the same validation loss, and memory, in one run.

``python -m benchmarks.stream_peers --folder DIR`` writes a million rows of 54 float32 features in 7 classes, and trains
54-256-256-7 by Adam on batches of 1024 with two cores: by ``chainrule.stream``, by ``chainrule.scale`` on two workers,
by scikit-learn's ``partial_fit``, by dask-ml's ``Incremental`` around it, and by PyTorch's DistributedDataParallel
(gloo, two processes). Each is a process of its own, in turn; its clock stands while the validation loss is taken after
an epoch, and the time at which the loss is reached lies on the line between two epochs. A peer that is not installed is
named. ``--spark`` adds Spark's MultilayerPerceptronClassifier, which needs Java: its layers are sigmoids and its
optimizer is L-BFGS, so what it reaches in the seconds that it takes is told, and no ratio.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from benchmarks.machine import describe_machine
from benchmarks.pool import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

N_FEATURES, HIDDEN, N_CLASSES = 54, (256, 256), 7
BATCH_SIZE, RATE, EPOCHS = 1024, 1e-3, 8
PIECE = 100_000  # rows of a block of Dask, or of a call of partial_fit
N_VALIDATION = 20_000
TARGET = 0.80  # the validation loss to be reached: a tenth of the labels are noise
WORKERS = 2
MAX_ITER = 30  # steps of L-BFGS in Spark


def write(folder: Path, n_rows: int) -> None:
    """Write X.npy and y.npy, and V.npy and v.npy for validation: classes by a random network, a tenth of them wrong."""
    random = np.random.default_rng(0)
    W = random.standard_normal((N_FEATURES, 16)).astype(np.float32) / 4
    V = random.standard_normal((16, N_CLASSES)).astype(np.float32)
    for X_name, y_name, n in (("X", "y", n_rows), ("V", "v", N_VALIDATION)):
        X = random.standard_normal((n, N_FEATURES), dtype=np.float32)
        y = (np.tanh(X @ W) @ V).argmax(axis=1).astype(np.int64)
        noise = random.random(n) < 0.1
        y[noise] = random.integers(0, N_CLASSES, int(noise.sum()))
        np.save(folder / f"{X_name}.npy", X)
        np.save(folder / f"{y_name}.npy", y)


class Clock:
    """Seconds of training alone, the validation loss after every epoch, and the most memory of all processes."""

    def __init__(self, folder: Path) -> None:
        self.X, self.y = np.load(folder / "V.npy"), np.load(folder / "v.npy")
        self.losses: list[float] = []
        self.seconds: list[float] = []
        self.before, self.most, self.ended = anonymous(), 0, threading.Event()
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()
        self.spent, self.began = 0.0, time.perf_counter()

    def _watch(self) -> None:
        while not self.ended.wait(0.05):
            self.most = max(self.most, anonymous() - self.before)

    def epoch(self, predict_proba: Callable[[Any], npt.NDArray[Any]]) -> bool:
        """Stop the clock, take the loss, and say whether it is reached."""
        self.spent += time.perf_counter() - self.began
        Y = np.asarray(predict_proba(self.X), np.float64)[np.arange(len(self.y)), self.y]
        self.losses.append(float(-np.log(np.maximum(Y, 1e-15)).mean()))
        self.seconds.append(self.spent)
        self.began = time.perf_counter()
        return self.losses[-1] <= TARGET

    def told(self) -> dict[str, Any]:
        """Return what was measured, ready for JSON."""
        self.ended.set()
        self.watcher.join()
        reached = reached_at(self.seconds, self.losses, TARGET)
        return {"reached": reached, "seconds": self.seconds, "losses": self.losses, "MB": self.most / 1e6}


def reached_at(seconds: list[float], losses: list[float], target: float) -> float | None:
    """Return when the loss came down to the target, on the line between two epochs; None where it never did."""
    for at, (after, loss) in enumerate(zip(seconds, losses, strict=True)):
        if loss <= target:
            if at == 0:
                return after
            before, earlier = losses[at - 1], seconds[at - 1]
            return earlier + (after - earlier) * (before - target) / (before - loss)
    return None


def anonymous() -> int:
    """Bytes of this process and of all that it has started which are no pages of a file."""
    total = 0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            continue  # it has ended
        total += next((1024 * int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")), 0)
    return total


def maps(folder: Path) -> tuple[Any, Any]:
    """Return X and y, memory-mapped."""
    X, y = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in "Xy")
    return X, y


# --- the contenders -------------------------------------------------------------------------------------------------


def settings() -> dict[str, Any]:
    """Return what our estimator and scikit-learn's take alike."""
    return {
        "hidden_layer_sizes": HIDDEN, "batch_size": BATCH_SIZE, "learning_rate_init": RATE, "alpha": 0.0,
        "max_iter": EPOCHS, "random_state": 0,
    }  # fmt: skip


def by_stream(folder: Path) -> dict[str, Any]:
    """chainrule's estimator on a stream of the file, 64 MB of it in memory."""
    cr: Any = importlib.import_module("chainrule")
    cr.MLPClassifier(**settings() | {"max_iter": 1}).fit(np.zeros((2048, N_FEATURES), np.float32), np.arange(2048) % 7)
    data = cr.stream(folder / "X.npy", folder / "y.npy", memory="64 MB")
    clock = Clock(folder)
    clf = cr.MLPClassifier(**settings()).set_callbacks(lambda clf: clock.epoch(clf.predict_proba))
    clf.fit(data)
    return clock.told()


def by_cluster(folder: Path) -> dict[str, Any]:
    """chainrule on a Dask cluster of two workers; its losses are those of runs of 1, 2, … epochs, which begin alike."""
    cr: Any = importlib.import_module("chainrule")
    data = cr.stream(folder / "X.npy", folder / "y.npy")
    X, y = np.load(folder / "V.npy"), np.load(folder / "v.npy")
    before = anonymous()
    with cr.scale.cluster(workers=WORKERS) as client:
        small = cr.stream(folder / "V.npy", folder / "v.npy")
        cr.scale.fit(cr.MLPClassifier(**settings() | {"max_iter": 1}), small, client=client, group_rows=512)
        clock = Clock(folder)
        clock.before = before
        for epochs in range(1, EPOCHS + 1):
            clf = cr.MLPClassifier(**settings() | {"max_iter": epochs})
            began = time.perf_counter()
            cr.scale.fit(clf, data, client=client, group_rows=512)
            clock.seconds.append(time.perf_counter() - began)
            Y = clf.predict_proba(X)[np.arange(len(y)), y]
            clock.losses.append(float(-np.log(np.maximum(Y, 1e-15)).mean()))
            if clock.losses[-1] <= TARGET:
                break
        return clock.told()


def by_partial_fit(folder: Path) -> dict[str, Any]:
    """scikit-learn's estimator, a piece of the file at a time."""
    neural: Any = importlib.import_module("sklearn.neural_network")
    X, y = maps(folder)
    clf, classes = neural.MLPClassifier(**settings()), np.arange(N_CLASSES)
    clock = Clock(folder)
    for _ in range(EPOCHS):
        for begin in range(0, len(X), PIECE):
            clf.partial_fit(np.array(X[begin : begin + PIECE]), np.array(y[begin : begin + PIECE]), classes=classes)
        if clock.epoch(clf.predict_proba):
            break
    return clock.told()


def by_incremental(folder: Path) -> dict[str, Any]:
    """dask-ml's Incremental around scikit-learn's estimator, on Dask arrays of the file."""
    wrappers: Any = importlib.import_module("dask_ml.wrappers")
    neural: Any = importlib.import_module("sklearn.neural_network")
    arrays: Any = importlib.import_module("dask.array")
    X, y = (arrays.from_array(one, chunks=(PIECE, *one.shape[1:])) for one in maps(folder))
    incremental = wrappers.Incremental(neural.MLPClassifier(**settings()), shuffle_blocks=False)
    clock = Clock(folder)
    for _ in range(EPOCHS):
        incremental.partial_fit(X, y, classes=list(range(N_CLASSES)))
        if clock.epoch(incremental.estimator_.predict_proba):
            break
    return clock.told()


def by_ddp(folder: Path) -> dict[str, Any]:
    """PyTorch's DistributedDataParallel, gloo, two processes of a thread each; the first one keeps the clock."""
    importlib.import_module("torch")
    clock = Clock(folder)  # its memory is that of both processes; its seconds come from the first of them
    command = [
        sys.executable, "-W", "ignore", "-m", "torch.distributed.run", f"--nproc-per-node={WORKERS}",
        "-m", "benchmarks.stream_ddp", str(folder),
    ]  # fmt: skip
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    clock.seconds, clock.losses = json.loads(done.stdout.splitlines()[-1])
    return clock.told()


def by_spark(folder: Path) -> dict[str, Any]:
    """Spark's MultilayerPerceptronClassifier on a parquet file, two local cores: the loss after ``MAX_ITER`` steps."""
    sql: Any = importlib.import_module("pyspark.sql")
    classification: Any = importlib.import_module("pyspark.ml.classification")
    features: Any = importlib.import_module("pyspark.ml.feature")
    arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    for X_name, y_name in (("X", "y"), ("V", "v")):
        X, y = np.load(folder / f"{X_name}.npy"), np.load(folder / f"{y_name}.npy")
        columns = {f"f{at}": X[:, at] for at in range(N_FEATURES)} | {"label": y.astype(np.float64)}
        parquet.write_table(arrow.table(columns), folder / f"{X_name}.parquet")
    session = sql.SparkSession.builder.master(f"local[{WORKERS}]").config("spark.driver.memory", "8g").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    assemble = features.VectorAssembler(inputCols=[f"f{at}" for at in range(N_FEATURES)], outputCol="features")
    train, test = (assemble.transform(session.read.parquet(str(folder / f"{name}.parquet"))) for name in "XV")
    clock = Clock(folder)
    layers = [N_FEATURES, *HIDDEN, N_CLASSES]
    perceptron = classification.MultilayerPerceptronClassifier(layers=layers, maxIter=MAX_ITER, seed=0, blockSize=128)
    model = perceptron.fit(train)
    clock.seconds.append(time.perf_counter() - clock.began)
    rows = model.transform(test).select("probability", "label").collect()
    Y = np.array([row["probability"][int(row["label"])] for row in rows])
    clock.losses.append(float(-np.log(np.maximum(Y, 1e-15)).mean()))
    return clock.told()


CONTENDERS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "chainrule.stream": by_stream,
    "chainrule.scale, two workers": by_cluster,
    "scikit-learn's partial_fit": by_partial_fit,
    "dask-ml's Incremental": by_incremental,
    "PyTorch DDP, gloo, two processes": by_ddp,
}
SPARK = {"Spark's MultilayerPerceptronClassifier": by_spark}


def in_a_process(name: str, folder: Path) -> dict[str, Any]:
    """Run one contender in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.stream_peers", "--folder", str(folder), "--one", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        return {"problem": (done.stderr.strip() or "no message").splitlines()[-1]}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def table(found: dict[str, list[dict[str, Any]]]) -> str:
    """Return the runs' least seconds and least memory as Markdown."""
    lines = [
        f"| | seconds until {TARGET} | seconds an epoch | MB above the start | losses |",
        "|---|---:|---:|---:|---|",
    ]
    for name, runs in found.items():
        good = [run for run in runs if "problem" not in run]
        if not good:
            lines.append(f"| {name} | {runs[0]['problem']} | | | |")
            continue
        best = min(good, key=lambda run: run["reached"] or float("inf"))
        reached = "not reached" if best["reached"] is None else f"{best['reached']:.1f}"
        losses = ", ".join(f"{loss:.3f}" for loss in best["losses"])
        epoch = min(run["seconds"][-1] / len(run["seconds"]) for run in good)
        memory = min(run["MB"] for run in good)
        lines.append(f"| {name} | {reached} | {epoch:.1f} | {memory:.0f} | {losses} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the file, run all in turn, print a table; or run one and print JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stream_peers", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        warnings.simplefilter("ignore")
        sys.stdout.write(json.dumps((CONTENDERS | SPARK)[given.one](given.folder)) + "\n")
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    write(given.folder, given.rows)
    names = [*CONTENDERS, *(SPARK if given.spark else ())]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _ in range(given.rounds):
        for name in names:
            found[name].append(in_a_process(name, given.folder))
    machine = describe_machine()
    (given.folder / "results.json").write_text(json.dumps({"machine": machine, "found": found}, indent=1))
    sys.stdout.write(f"{machine['cpu']}, {given.rows} rows\n\n{table(found)}")


if __name__ == "__main__":
    main()
