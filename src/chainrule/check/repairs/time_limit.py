"""A time limit for code that may never end: an exception is raised in it from another thread."""

from __future__ import annotations

import ctypes
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKS_EVERY = 0.02  # seconds
ON_ITS_WAY = 1000  # steps of Python within which an exception from outside arrives


class OutOfTime(BaseException):
    """Raised in code that has run for too long: no Exception, so that the code does not catch it."""


class TimeLimit:
    """Ends what is run within ``with limit.once(seconds): …`` after so long, by ``OutOfTime``.

    It works in any thread and on every system, and for Python's own lines: a single call of NumPy is not cut short.

    Examples
    --------
    >>> with TimeLimit() as limit:
    ...     try:
    ...         with limit.once(0.05):
    ...             while True: pass
    ...     except OutOfTime:
    ...         print("ended")
    ended
    """

    def __init__(self) -> None:
        self._seconds = 0.0
        self._until: float | None = None
        self._late = False
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._watched = ctypes.c_ulong(threading.get_ident())
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> TimeLimit:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @contextmanager
    def once(self, seconds: float) -> Iterator[None]:
        """Run something within so many seconds.

        Raises
        ------
        OutOfTime
            When it has taken too long.
        """
        self._seconds, self._late = seconds, False
        self._until = time.monotonic() + seconds
        try:
            yield
        finally:
            with self._lock:
                self._until = None
            for _ in range(ON_ITS_WAY if self._late else 0):
                pass

    def _look_on(self) -> None:
        while not self._done.wait(LOOKS_EVERY):
            with self._lock:
                if self._until is not None and time.monotonic() > self._until:
                    self._until += self._seconds  # and once more, where that was caught
                    self._late = True
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(self._watched, ctypes.py_object(OutOfTime))
