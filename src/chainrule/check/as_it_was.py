"""As it was: what a student's code changes in the process it runs in is put back after a check."""

from __future__ import annotations

import contextlib
import io
import os
import random
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def as_it_was() -> Iterator[None]:
    """Put the process back as it was: arguments, folder, settings, random numbers; nothing is printed.

    >>> with as_it_was():
    ...     print("not shown")
    ...     sys.argv = ["another"]
    >>> sys.argv == ["another"]
    False
    """
    argv, path, folder, environment = sys.argv, sys.path, _folder(), dict(os.environ)
    arguments, folders, limit, stdin = list(argv), list(path), sys.getrecursionlimit(), sys.stdin
    numbers, numpy_numbers = random.getstate(), np.random.get_state()
    figures = _figures()
    try:
        sys.stdin = io.StringIO()
        with contextlib.ExitStack() as stack:
            stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
            stack.enter_context(warnings.catch_warnings())
            stack.enter_context(np.errstate())
            stack.enter_context(np.printoptions())
            yield
    finally:
        sys.stdin = stdin
        sys.argv, sys.path = argv, path
        argv[:], path[:] = arguments, folders
        if sys.getrecursionlimit() != limit:
            sys.setrecursionlimit(limit)
        _put_back(environment, folder)
        random.setstate(numbers)
        np.random.set_state(numpy_numbers)
        for number in _figures() - figures:
            sys.modules["matplotlib.pyplot"].close(number)


def _figures() -> set[int]:
    """The numbers of matplotlib's open figures, where it is in use."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set() if pyplot is None else set(getattr(pyplot, "get_fignums", list)())


def _folder() -> Path | None:
    """Where the process is; None where that was removed."""
    with contextlib.suppress(FileNotFoundError):
        return Path.cwd()
    return None


def _put_back(environment: dict[str, str], folder: Path | None) -> None:
    if dict(os.environ) != environment:
        os.environ.clear()
        os.environ.update(environment)
    if folder is not None and _folder() != folder:
        os.chdir(folder)
