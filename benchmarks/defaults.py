"""Defaults: what a user gets without asking for an engine, in fresh processes, beside scikit-learn and the text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.default_job import OURS, TEXT, THEIRS
from benchmarks.pool import ROOT, Setting

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Job:
    """A job: its name in ``default_job``, what is taken of it, beside whom, and the target.

    ``process`` takes the seconds of the whole process. The target is a ratio: theirs ÷ ours at least, of times; of
    memory, ours ÷ theirs at most, or ours at most where ``of_x``.
    """

    title: str
    job: str
    target: float
    peer: str = THEIRS
    process: bool = False
    memory: bool = False
    of_x: bool = False
    all_cores: bool = False


JOBS = (
    Job("MLPClassifier(max_iter=30).fit(digits), float32, second fit", "second fit, float32", 4.5),
    Job("MLPClassifier(max_iter=30).fit(digits), float64, second fit", "second fit, float64", 3.0),
    Job("GridSearchCV of 24 candidates × 5 folds on digits, all cores", "search", 4.0, all_cores=True),
    Job("one fit of 0.1 s in a fresh process, import included", "small fit", 1.0, process=True),
    Job("S4, two runs of 2 000 epochs, fresh process, import included", "s4", 1.5, peer=TEXT, process=True),
    Job("S4, 2 000 epochs, warm process", "s4", 8.0, peer=TEXT),
    Job("1 000 000 × 50 float32, one epoch: memory above X ÷ X", "epoch memory", 0.1, memory=True, of_x=True),
    Job("the same with early stopping", "early stopping memory", 0.2, memory=True, of_x=True),
    Job("lbfgs on 1 000 000 × 20 float32: memory above X ÷ X", "lbfgs memory, float32", 0.3, memory=True),
    Job("lbfgs on 1 000 000 × 20 float64: memory above X ÷ X", "lbfgs memory, float64", 0.3, memory=True),
)


def measure_defaults(
    one: Setting, every: Setting, repetitions: int, show: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Take every job's best of some repetitions, for us and for the peer in turn; our kernels are in a cache."""
    results = []
    with tempfile.TemporaryDirectory() as cache:
        for job in JOBS:
            setting, best = every if job.all_cores else one, {OURS: float("inf"), job.peer: float("inf")}
            _once(job, OURS, setting, cache)  # its kernels are compiled, and the disk is warm
            for _ in range(1 if job.memory else repetitions):
                for contender in (OURS, job.peer):
                    show(f"defaults: {job.title}: {contender}")
                    best[contender] = min(best[contender], _once(job, contender, setting, cache))
            results.append(_judged(job, best[OURS], best[job.peer]))
    return results


def _once(job: Job, contender: str, setting: Setting, cache: str) -> float:
    command = [sys.executable, "-m", "benchmarks.default_job", job.job, contender]
    environment = {**setting.environment, "CHAINRULE_CACHE": os.path.join(cache, "kernels")}  # noqa: PTH118
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603  # our own module
        command, capture_output=True, text=True, cwd=ROOT, env=environment, preexec_fn=setting.pin, check=True
    )  # fmt: skip
    seconds = time.perf_counter() - began
    return seconds if job.process else float(json.loads(done.stdout.splitlines()[-1]))


def _judged(job: Job, ours: float, theirs: float) -> dict[str, Any]:
    measured = ours if job.of_x else ours / theirs if job.memory else theirs / ours
    reached = measured <= job.target if job.memory else measured >= job.target
    of = "X" if job.of_x else job.peer
    return {
        "title": job.title, "ours": ours, "peer": job.peer, "theirs": theirs, "memory": job.memory,
        "target": f"{'≤' if job.memory else '≥'} {job.target:g}× {of}", "measured": measured, "reached": reached,
        "setting": "all cores" if job.all_cores else "one core",
    }  # fmt: skip
