"""Scratch: folders for a while, that no run leaves behind: what one that was killed has left, the next one removes."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.files.locks import is_held, lock

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "chainrule-run-"  # how their names begin; the number of their process follows
SEMAPHORES = Path("/dev/shm")  # noqa: S108  # where Linux keeps those of joblib's loky, sem.loky-PROCESS-…


@contextmanager
def scratch_folder(root: str | None = None) -> Iterator[Path]:
    """Yield a new folder, in the system's folder for temporary files or in ``root``, that is gone afterwards.

    It is locked as long as this process lives. Whoever makes one removes those that nobody has locked.

    >>> with scratch_folder() as folder:
    ...     (folder / "x").touch()
    >>> folder.exists()
    False
    """
    folder = Path(root or tempfile.gettempdir(), f"{PREFIX}{os.getpid()}-{secrets.token_hex(8)}")
    hidden, descriptor = folder.with_name(f".{folder.name}"), None
    try:
        hidden.mkdir(mode=0o700)
        if sys.platform != "win32":  # where a folder can be locked; it gets its name only afterwards
            descriptor = os.open(hidden, os.O_RDONLY)
            lock(descriptor)
            _tidy(folder.parent)
        hidden.rename(folder)
        yield folder
    finally:
        for path in (hidden, folder):
            shutil.rmtree(path, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


def _tidy(root: Path) -> None:
    """Remove what killed processes have left."""
    for folder in root.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if not is_held(folder):
                shutil.rmtree(folder)
                _unlink_semaphores(folder.name.removeprefix(PREFIX).split("-")[0])


def _unlink_semaphores(process: str) -> None:
    """Remove the semaphores of a process that was killed with all that watched it; not those of a living one."""
    if not process.isdigit() or Path("/proc", process).exists():
        return
    for semaphore in SEMAPHORES.glob(f"sem.loky-{process}-*"):
        with suppress(OSError):
            semaphore.unlink()
