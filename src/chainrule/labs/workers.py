"""Workers: a lab's runs on all cores, in processes that end with this one and leave nothing in shared memory."""

from __future__ import annotations

import atexit
import functools
import importlib
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule.files.scratch import scratch_folder
from chainrule.processes.orphans import end_with_parent
from chainrule.processes.signals import blocked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    from chainrule.labs.assignment import Assignment

ENOUGH = 2 << 30  # bytes free in shared memory, below which a disk is taken


@contextmanager
def workers(lab: Assignment, return_as: str) -> Iterator[Callable[[Iterable[Any]], Iterator[Any]]]:
    """Yield what runs joblib's jobs in a process a core, one thread each.

    Ctrl-C reaches all processes of a terminal. The workers leave it to this one, which ends them.
    """
    import joblib

    here = {"initializer": end_with_parent, "initargs": (os.getpid(), shared_folder()), "temp_folder": shared_folder()}
    with shipped(lab), joblib.parallel_config(backend="loky", inner_max_num_threads=1, **here):
        pool = joblib.Parallel(n_jobs=-1, return_as=return_as)

        def run(jobs: Iterable[Any]) -> Iterator[Any]:
            for tracker in _trackers():
                with blocked():
                    tracker.ensure_running()  # when one starts, it lets Ctrl-C through again
            with blocked():
                outcomes: Iterator[Any] = pool(jobs)
            return outcomes

        yield run


@functools.cache
def shared_folder() -> str:
    """Return this process's folder for arrays that the workers share."""
    stack = ExitStack()
    atexit.register(stack.close)
    return str(stack.enter_context(scratch_folder(_root())))


def _root() -> str:
    """Return where shared arrays go, as joblib has it: where the user says, in shared memory, or on a disk."""
    if wanted := os.environ.get("JOBLIB_TEMP_FOLDER"):
        return wanted
    memory = "/dev/shm"  # noqa: S108  # mkdtemp makes what goes there
    with suppress(OSError):
        if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ENOUGH:
            return memory
    return tempfile.gettempdir()


def _trackers() -> list[Any]:
    """Return who watches shared memory: Python's, and that of loky, a part of joblib or a library of its own."""
    try:
        loky = importlib.import_module("joblib.externals.loky.backend.resource_tracker")
    except ImportError:
        loky = importlib.import_module("loky.backend.resource_tracker")
    return [loky] if sys.platform == "win32" else [importlib.import_module("multiprocessing.resource_tracker"), loky]


@contextmanager
def shipped(lab: Assignment) -> Iterator[None]:
    """Let other processes get what the lab's file defines, and the files beside it: they cannot import them."""
    try:
        cloudpickle = importlib.import_module("joblib.externals.cloudpickle")
    except ImportError:  # from joblib 1.6 on it is a library of its own
        cloudpickle = importlib.import_module("cloudpickle")
    modules = [] if lab.file is None else _modules_of(lab.file)
    for module in modules:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in modules:
            cloudpickle.unregister_pickle_by_value(module)


def _modules_of(path: Path) -> list[ModuleType]:
    """The modules whose files lie in the lab's folder."""
    found = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
    own = [name for name, file in found.items() if file is not None and Path(file).parent == path.parent]
    return [sys.modules[name] for name in own if name != "__main__"]
