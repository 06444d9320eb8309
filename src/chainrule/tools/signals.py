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
received: list[signal.Signals] = []  # the signals that came, the last one last


class Interrupt:
    """A handler that raises KeyboardInterrupt; of several signals in quick succession the first alone does."""

    def __init__(self) -> None:
        self.quiet = -math.inf

    def __call__(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  # the signature is Python's
        """Raise, unless that was done just now."""
        received.append(signal.Signals(number))
        if time.monotonic() >= self.quiet:
            self.quiet = time.monotonic() + PATIENCE
            raise KeyboardInterrupt

    def unraisable(self, raised: sys.UnraisableHookArgs) -> None:
        """Interrupt once more where the exception came in a place that cannot raise one: a destructor, a callback."""
        if isinstance(raised.exc_value, KeyboardInterrupt):
            self.quiet = -math.inf
            _thread.interrupt_main(received[-1] if received else signal.SIGINT)
        else:
            sys.__unraisablehook__(raised)


def listen() -> None:
    """Let every signal that asks for the end raise KeyboardInterrupt; what is ignored (nohup) stays ignored."""
    interrupt = Interrupt()
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    sys.unraisablehook = interrupt.unraisable


def exit_code() -> int:
    """Return what shells call a program that a signal ended: 130 after Ctrl-C, 143 after SIGTERM."""
    return 128 + (received[-1] if received else signal.SIGINT)


@contextmanager
def deferred(act: Callable[[], None]) -> Iterator[None]:
    """Call ``act`` at each signal that would raise KeyboardInterrupt, as long as this lasts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def note(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # the signature is Python's
        received.append(signal.Signals(number))
        act()

    before = {number: handler for number in ENDING if callable(handler := signal.getsignal(number))}
    for number in before:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
