"""Orphans: no process and no temporary folder outlives the program that made it, however that ends.

A program that is told to end can tidy up; one that is killed cannot. So a process that works for it watches it. Windows
lacks this: there a process that works for one that was killed works on to its end.
"""

from __future__ import annotations

import os
import runpy
import shutil
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TICK = 0.2  # seconds between two looks at the parent


def end_with_parent(parent: int, folder: str) -> None:
    """Let this process end when its parent does, and remove the folder that the parent has made."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(TICK)
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    if sys.platform != "win32":
        threading.Thread(target=watch, name="parent", daemon=True).start()


@contextmanager
def watched(folder: Path) -> Iterator[tuple[list[str], tuple[int, ...]]]:
    """Yield how ``python -m MODULE …`` is called so it and its whole group end with us, and ``folder`` goes, too.

    It is the beginning of a command, and the descriptors to hand on. The process must lead a group of its own.
    """
    python = [sys.executable, "-P", "-m"]
    if sys.platform == "win32":
        yield python, ()
        return
    reading, writing = os.pipe()
    try:
        yield [*python, __name__, str(reading), str(folder)], (reading,)
    finally:
        os.close(reading)
        os.close(writing)


def _watch(reading: int, folder: str, worker: int) -> None:
    """Wait for the end of the pipe, which comes when the process that holds its other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while os.read(reading, 1):
        pass
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _main() -> None:
    """Leave a watcher in this process's group, as nobody's child, and become the module that was asked for."""
    _, reading, folder, module, *arguments = sys.argv
    worker = os.getpid()
    child = os.fork()
    if child == 0:
        if os.fork() == 0:
            _watch(int(reading), folder, worker)
        os._exit(0)
    os.waitpid(child, 0)
    os.close(int(reading))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()
