"""Threads of the matrix products: as many as help, for as long as a kernel runs, and then the caller's again.

The setting is one for the whole process, so it is kept by turns, and by turns with forks of the process.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from chainrule.kernels.library import turn as compiling

if TYPE_CHECKING:
    from collections.abc import Iterator

ALONE = 2**18  # multiplications in one matrix product up to which OpenBLAS never takes a second thread
WORTH_MORE = 2**24  # from which more than one thread is faster: measured, 13 million are not, 22 million are
AS_IT_IS = nullcontext()
TRIES = 100  # to set a number that another thread may set at the same moment
_turn = threading.Condition()
_singles: list[int] = []  # the Python threads whose kernels run now, each on one thread of BLAS
_many: list[int] = []  # the one whose kernel runs on all of the caller's
_waiting = 0  # for that, or to fork
_compilers: list[Any] = []  # numba's lock, while this process forks
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
        return AS_IT_IS
    return _on_one_thread() if multiplications < WORTH_MORE else _on_all_threads()


@contextmanager
def _on_one_thread() -> Iterator[None]:
    with _turn:
        _turn.wait_for(lambda: not _many and not _waiting)
        if not _singles:
            _callers[:] = [library.get_num_threads() for library in libraries()]
            _set([1] * len(_callers), hold=True)
        _singles.append(threading.get_ident())
    try:
        yield
    finally:
        with _turn:
            _singles.remove(threading.get_ident())
            if not _singles:
                _set(_callers)
                _turn.notify_all()


@contextmanager
def _on_all_threads() -> Iterator[None]:
    with _turn:
        _wait_for_the_others()
        _many.append(threading.get_ident())
    try:
        yield
    finally:
        with _turn:
            _many.remove(threading.get_ident())
            _turn.notify_all()


def _wait_for_the_others() -> None:
    """Wait until no other thread's kernel runs, and let none begin before. A signal's handler may be inside its own."""
    global _waiting  # noqa: PLW0603  # it counts over all threads of the process
    _waiting += 1
    try:
        _turn.wait_for(lambda: {*_singles, *_many} <= {threading.get_ident()})
    finally:
        _waiting -= 1


def _set(numbers: list[int], *, hold: bool = False) -> None:
    """Give each library its number, which other threads leave as it is while we hold it, as far as they ask first.

    threadpoolctl 3.8 obeys one Python thread alone, the first that sets a number, until that is set free.
    """
    for library, number in zip(libraries(), numbers, strict=True):
        set_free = getattr(library, "clear_controlling_thread", lambda **_how: None)
        for _ in range(TRIES):
            set_free(force=True)
            library.set_num_threads(number)
            if library.get_num_threads() == number:
                break
        if not hold:
            set_free(force=True)


# --- forks: the child has this thread alone, and a lock that another held would stay locked for ever -----------------


def _before_fork() -> None:
    _turn.acquire()
    _wait_for_the_others()
    compiling.acquire()
    if "numba" in sys.modules:  # last, for a kernel may be compiled by whoever has its turn
        from numba.core.compiler_lock import global_compiler_lock  # noqa: PLC0415

        _compilers.append(global_compiler_lock)
        _compilers[0].acquire()


def _after_fork() -> None:
    while _compilers:
        _compilers.pop().release()
    compiling.release()
    _turn.notify_all()
    _turn.release()


def _after_fork_in_child() -> None:
    global _turn, _waiting
    _after_fork()
    _turn, _waiting = threading.Condition(), 0  # nobody waits: those who did are the parent's


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork_in_child)
