"""Threads of the matrix products: as many as help, for as long as a kernel runs, and then the caller's again."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ALONE = 2**18  # multiplications in one matrix product up to which OpenBLAS never takes a second thread
WORTH_MORE = 2**24  # from which more than one thread is faster: measured, 13 million are not, 22 million are
_turn = threading.Condition()
_singles = 0  # kernels that run now, each on one thread
_many = False  # whether one runs on all of the caller's threads
_waiting = 0  # for that
_callers: list[int] = []  # how many threads were set when the first of the singles began


@cache
def libraries() -> list[Any]:
    """Every BLAS that is loaded."""
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415  # looks through all libraries of the process

    found = ThreadpoolController().lib_controllers
    return [library for library in found if library.user_api == "blas"]


def matched_to(multiplications: int) -> Any:
    """Return a context with the threads that a kernel needs whose largest product has so many multiplications.

    The number of threads decides the last bits of a product, so it is decided by shapes alone, and not by what runs
    beside. It is one setting for the whole process: kernels of one thread run side by side, a kernel of many runs alone
    (a call takes some tenths of a second), and whoever is last restores what the caller had.
    """
    if multiplications <= ALONE:
        return _as_it_is()
    return _on_one_thread() if multiplications < WORTH_MORE else _on_all_threads()


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def _on_one_thread() -> Iterator[None]:
    global _singles  # noqa: PLW0603  # it counts over all threads of the process
    with _turn:
        _turn.wait_for(lambda: not _many and not _waiting)
        if _singles == 0:
            _callers[:] = [library.get_num_threads() for library in libraries()]
            _set([1] * len(_callers))
        _singles += 1
    try:
        yield
    finally:
        with _turn:
            _singles -= 1
            if _singles == 0:
                _set(_callers)
                _turn.notify_all()


@contextmanager
def _on_all_threads() -> Iterator[None]:
    global _many, _waiting  # noqa: PLW0603
    with _turn:
        _waiting += 1
        try:
            _turn.wait_for(lambda: not _many and _singles == 0)
            _many = True
        finally:
            _waiting -= 1
    try:
        yield
    finally:
        with _turn:
            _many = False
            _turn.notify_all()


def _set(numbers: list[int]) -> None:
    for library, number in zip(libraries(), numbers, strict=True):
        if library.get_num_threads() != number:
            library.set_num_threads(number)
