"""Threads of the matrix products: as many as help, for as long as a kernel runs, and then the caller's again."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ALONE = 2**18  # multiplications in one matrix product up to which OpenBLAS never takes a second thread
WORTH_MORE = 2**24  # from which more than one thread is faster
_lock = threading.Lock()
_running = 0
_callers: list[int] = []  # the numbers of threads that were set before the first of the running kernels


@cache
def libraries() -> list[Any]:
    """Every BLAS that is loaded."""
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415  # looks through all libraries of the process

    found = ThreadpoolController().lib_controllers
    return [library for library in found if library.user_api == "blas"]


@contextmanager
def matched_to(multiplications: int) -> Iterator[None]:
    """Use one thread if the largest product has few multiplications, or if other kernels run beside this one.

    The number of threads is one for the whole process, so kernels in several Python threads share the setting: the
    first notes what the caller had, the last restores it.
    """
    if multiplications <= ALONE:
        yield
        return
    global _running  # noqa: PLW0603  # it counts over all threads of the process
    with _lock:
        if _running == 0:
            _callers[:] = [library.get_num_threads() for library in libraries()]
        _running += 1
        if multiplications < WORTH_MORE or _running > 1:
            _set([1] * len(_callers))
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            if _running == 0:
                _set(_callers)


def _set(numbers: list[int]) -> None:
    for library, number in zip(libraries(), numbers, strict=True):
        if library.get_num_threads() != number:
            library.set_num_threads(number)
