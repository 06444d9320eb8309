"""Signals: Ctrl-C, a request to end (SIGTERM) and a terminal that closes (SIGHUP) all end a program in the same way."""

from __future__ import annotations

import _thread
import math
import signal
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
PATIENCE = 2.0  # seconds in which another signal says nothing new: what the first has begun is being tidied up
SOON = 0.1  # seconds until a signal comes again that came at a bad moment
MOST = 100  # times that it is put off
received: list[signal.Signals] = []  # the signals that came, the last one last


class Interrupt:
    """A handler that raises KeyboardInterrupt; of several signals in quick succession the first alone does."""

    def __init__(self) -> None:
        self.quiet = -math.inf
        self.put_off = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Raise, unless that was done just now; in the middle of an import, a little later."""
        received.append(signal.Signals(number))
        if time.monotonic() < self.quiet:
            return
        if _imports(frame) and self.put_off < MOST:
            self.put_off += 1
            _thread.start_new_thread(_send_once_more, (number,))
            return
        self.quiet, self.put_off = time.monotonic() + PATIENCE, 0
        raise KeyboardInterrupt

    def unraisable(self, raised: sys.UnraisableHookArgs) -> None:
        """Interrupt once more where the exception came in a place that cannot raise one: a destructor, a callback."""
        if isinstance(raised.exc_value, KeyboardInterrupt):
            self.quiet = -math.inf
            _thread.start_new_thread(_send_once_more, (received[-1] if received else signal.SIGINT,))
        else:
            sys.__unraisablehook__(raised)


def _imports(frame: FrameType | None) -> bool:
    """Whether a module is being imported: one that is written in C may end the process when it is interrupted."""
    while frame is not None:
        if frame.f_code.co_name == "_find_and_load" and frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _send_once_more(number: int) -> None:
    """Send a signal to ourselves once more; a real one, which also ends a wait."""
    time.sleep(SOON)
    if sys.platform == "win32":
        _thread.interrupt_main(signal.Signals(number))
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, number)


def listen() -> None:
    """Let every signal that asks for the end raise KeyboardInterrupt; what is ignored (nohup) stays ignored."""
    interrupt = Interrupt()
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    sys.unraisablehook = interrupt.unraisable


def rest() -> None:
    """Let nothing interrupt what is left to be done when all is written: to end the workers, to go."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def exit_code() -> int:
    """Return what shells call a program that a signal ended: 130 after Ctrl-C, 143 after SIGTERM."""
    return 128 + (received[-1] if received else signal.SIGINT)


@contextmanager
def blocked() -> Iterator[None]:
    """Let what asks for the end wait as long as this lasts; a process that is started meanwhile never sees any."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def deferred(act: Callable[[], None]) -> Iterator[None]:
    """Call ``act`` at each signal that would raise KeyboardInterrupt, as long as this lasts.

    One that comes while ``act`` runs says nothing new, and would wait for a lock that ``act`` holds.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    acting = False

    def note(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # the signature is Python's
        nonlocal acting
        received.append(signal.Signals(number))
        if not acting:
            acting = True
            act()
            acting = False

    before = {number: handler for number in ENDING if callable(handler := signal.getsignal(number))}
    for number in before:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let what would raise KeyboardInterrupt within this block raise it after the block."""
    came: list[bool] = []
    with deferred(lambda: came.append(True)):
        yield
    if came:
        raise KeyboardInterrupt
