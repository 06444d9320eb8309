"""Locks: whether somebody still works on a file. The system opens a lock when the process that has it ends."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path


def lock(descriptor: int) -> bool:
    """Lock an open file for as long as it is open; False where another process has locked it.

    A file system that knows no locks gives every one.
    """
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def is_held(path: Path) -> bool:
    """Whether a process has locked a file.

    >>> import pathlib
    >>> is_held(pathlib.Path(__file__))
    False
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return not lock(descriptor)
    finally:
        os.close(descriptor)
