"""The pool: a worker process for each contender, started with its threads and its core set before anything loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from benchmarks.targets import ALL_CORES, ONE_CORE

if TYPE_CHECKING:
    from types import TracebackType

ROOT = Path(__file__).parents[1]
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
XLA_ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
PAUSE = 0.02  # between two contenders: pools that spin before they sleep are asleep by then


class WorkerError(Exception):
    """A worker could not do what it was asked, in a sentence."""


@dataclass(frozen=True)
class Setting:
    """One core, the same for all, or all that there are with the libraries' own defaults."""

    name: str
    cores: tuple[int, ...]

    @property
    def environment(self) -> dict[str, str]:
        """Variables a process is started with."""
        clean = {name: value for name, value in os.environ.items() if name not in (*THREAD_VARIABLES, "XLA_FLAGS")}
        clean["BENCHMARK_CORES"] = str(len(self.cores))
        if self.name == ALL_CORES:
            return clean
        return clean | dict.fromkeys(THREAD_VARIABLES, "1") | {"XLA_FLAGS": XLA_ONE_THREAD}

    def pin(self) -> None:
        """Stay on these cores; called in the new process, before it becomes Python."""
        os.sched_setaffinity(0, self.cores)


def one_core(core: int) -> Setting:
    """Everything on this core, one thread each."""
    return Setting(ONE_CORE, (core,))


def all_cores() -> Setting:
    """All cores that this process may use."""
    return Setting(ALL_CORES, tuple(sorted(os.sched_getaffinity(0))))


@dataclass
class Handle:
    """A worker as the suite sees it: ask, and wait for the answer. ``broken`` says why it cannot be asked any more."""

    name: str
    setting: Setting
    log: Path
    broken: str | None = None
    versions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.worker", self.name]
        with self.log.open("a") as errors:
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT,
                env=self.setting.environment, preexec_fn=self.setting.pin,  # noqa: PLW1509  # no threads here
            )  # fmt: skip
        try:
            self.versions = self._answer()
        except WorkerError as error:
            self.broken = str(error)

    def ask(self, request: str, **values: Any) -> Any:
        """Send a request and return its result."""
        if self.broken:
            raise WorkerError(self.broken)
        if self._process.stdin is None:
            raise WorkerError("The worker has no standard input.")
        try:
            self._process.stdin.write(json.dumps({"do": request, **values}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it died, and its missing answer says so
        return self._answer()

    def _answer(self) -> Any:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            self.broken = f"The worker ended with status {self._process.wait()}; see {self.log}."
            raise WorkerError(self.broken)
        answer = json.loads(line)
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer["result"]

    def close(self) -> None:
        """End the process and wait for it."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Pool:
    """Workers of one setting, each started when it is first asked for; all end with the ``with`` block."""

    def __init__(self, setting: Setting, log: Path | None = None) -> None:
        self.setting = setting
        self.log = log or Path(tempfile.gettempdir()) / "chainrule-benchmarks.log"
        self._workers: dict[str, Handle] = {}

    def __getitem__(self, name: str) -> Handle:
        """Return the worker of a contender."""
        if name not in self._workers:
            self._workers[name] = Handle(name, self.setting, self.log)
        return self._workers[name]

    def versions(self) -> dict[str, str]:
        """Versions of all libraries whose workers have started."""
        return {library: version for worker in self._workers.values() for library, version in worker.versions.items()}

    def missing(self) -> list[str]:
        """Sentences about the libraries that are not there."""
        return sorted({worker.broken for worker in self._workers.values() if worker.broken})

    def __enter__(self) -> Self:
        """Open."""
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        """End every worker."""
        for worker in self._workers.values():
            worker.close()


def rotated(names: list[str], turns: int) -> list[str]:
    """Begin each repetition with another contender, so that none is always first."""
    turns %= max(1, len(names))
    return names[turns:] + names[:turns]


rest = partial(time.sleep, PAUSE)
"""Wait until the last contender's threads are asleep."""
