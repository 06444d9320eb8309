"""Signals: Ctrl-C, a request to end (SIGTERM) and a terminal that closes (SIGHUP) all end a program in the same way."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
received: list[int] = []  # the signals that came, the last one last


def listen() -> None:
    """Let every signal that asks for the end raise KeyboardInterrupt; what is ignored (nohup) stays ignored."""
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    sys.unraisablehook = _unraisable


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
        received.append(number)
        act()

    before = {number: handler for number in ENDING if callable(handler := signal.getsignal(number))}
    for number in before:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001  # the signature is Python's
    received.append(number)
    raise KeyboardInterrupt


def _unraisable(raised: sys.UnraisableHookArgs) -> None:
    """Interrupt once more where the exception came in a place that cannot raise one: a destructor, a callback."""
    if isinstance(raised.exc_value, KeyboardInterrupt):
        _thread.interrupt_main(received[-1] if received else signal.SIGINT)
    else:
        sys.__unraisablehook__(raised)
