"""Workers: a lab's runs on all cores, in processes that end with this one and leave nothing in shared memory."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.faces.labs.by_path import shipped
from chainrule.tools.locks import is_held, lock
from chainrule.tools.orphans import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblib import Parallel

    from chainrule.faces.labs.lab import Lab

SHARED = "chainrule-shared-"  # how the name of a folder begins that holds arrays for the workers
ENOUGH = 2 << 30  # bytes free in shared memory, below which a disk is taken


@contextmanager
def workers(lab: Lab, return_as: str) -> Iterator[Parallel]:
    """Yield joblib's pool with a process a core, one thread each."""
    import joblib

    here = {"initializer": end_with_parent, "initargs": (os.getpid(), shared_folder()), "temp_folder": shared_folder()}
    with shipped(lab), joblib.parallel_config(backend="loky", inner_max_num_threads=1, **here):
        yield joblib.Parallel(n_jobs=-1, return_as=return_as)


@functools.cache
def shared_folder() -> str:
    """Return this process's folder for arrays that the workers share; what was left by killed ones is removed."""
    root = _root()
    made = tempfile.mkdtemp(prefix=f".{SHARED}", dir=root)
    folder = os.path.join(root, Path(made).name[1:])  # noqa: PTH118  # joblib wants a str
    if sys.platform != "win32":
        lock(os.open(made, os.O_RDONLY))  # it stays open, and so locked, as long as this process lives
        _tidy(root)
    Path(made).rename(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _root() -> str:
    """Return where shared arrays go, as joblib has it: where the user says, in shared memory, or on a disk."""
    if wanted := os.environ.get("JOBLIB_TEMP_FOLDER"):
        return wanted
    memory = "/dev/shm"  # noqa: S108  # mkdtemp makes what goes there
    with suppress(OSError):
        if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ENOUGH:
            return memory
    return tempfile.gettempdir()


def _tidy(root: str) -> None:
    for folder in Path(root).glob(f"{SHARED}*"):
        with suppress(OSError):
            if not is_held(folder):
                shutil.rmtree(folder)
