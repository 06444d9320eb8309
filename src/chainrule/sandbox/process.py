"""The process of a submission, from the judge's side: started, asked, watched by the clock, and ended for certain."""

from __future__ import annotations

import json
import math
import os
import queue
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import ChainruleError, InvalidValue
from chainrule.sandbox import wire

if TYPE_CHECKING:
    from collections.abc import Callable

TICK = 0.2  # seconds between two looks at the clock
START = 60.0  # seconds for Python and NumPy to be there
STACK = 0.5  # seconds for a process to say where it is
LONGEST_STACK = 200_000
PACKAGES = ("site-packages", "dist-packages")
PACKAGE = Path(__file__).resolve().parents[1]
QUIET = {
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "PYTHONBREAKPOINT": "0",
    "PYTHONHASHSEED": "0",
}
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True)
class Limits:
    """What a submission may use: seconds for one call of a function, memory, and seconds in total."""

    seconds: float = 10.0
    memory_gb: float = 4.0
    total: float = 180.0


@dataclass(frozen=True)
class Clock:
    """When a submission's time is over, or somebody has had enough."""

    end: float
    stop: threading.Event

    @property
    def left(self) -> float:
        """How many seconds are left."""
        return 0.0 if self.stop.is_set() else self.end - time.monotonic()


class Ended(BaseException):
    """The process of a submission is no more. Not an Exception: what judges must not take it for a student's error.

    Attributes
    ----------
    code : int or None
        How it ended, where it did so by itself.
    took : float or None
        The seconds after which we ended it.
    stack : str
        What it was doing, as ``faulthandler`` writes it: the submission's word, and no more than that.
    """

    def __init__(self, code: int | None = None, took: float | None = None, stack: str = "") -> None:
        super().__init__(code, took)
        self.code, self.took, self.stack = code, took, stack


class Process:
    """A process that shuts itself in and, after ``wait``, is there for requests.

    Parameters
    ----------
    limits : Limits
    clock : Clock

    Attributes
    ----------
    lacking : list of str
        What the system could not do: "processes", "files", "network", "user", "memory".
    folder : str
        The folder in which the submission runs, as it is called there.
    """

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.clock = clock
        self._popen = _started()
        self._pipe = Pipe(self._popen)
        self._together = True
        self._remove = ""
        config = json.dumps(_config(limits)).encode()
        self._pipe.write(len(config).to_bytes(4, "little") + config, time.monotonic() + START, clock)
        self.lacking: list[str] = []
        self.folder = ""

    def wait(self) -> None:
        """Wait until it has shut itself in and is there for requests; what comes before that runs beside it."""
        try:
            told, _, _ = self.ask(b"", START)
        except Ended as error:
            if self.clock.left <= 0:  # somebody has had enough
                raise
            raise ChainruleError(
                f"The process for a submission cannot be started: {_last_line(error.stack)}"
            ) from error
        self.lacking, self.folder = list(map(str, told["lacking"])), str(told["folder"])
        self._together, self._remove = bool(told["together"]), self.folder if told["remove"] else ""

    def ask(self, request: bytes, seconds: float) -> tuple[dict[str, Any], list[Any], list[int]]:
        """Send a request and return the answer: header, arrays, their handles.

        Raises
        ------
        Ended
            Where none came in time, or none that is one.
        """
        end = time.monotonic() + min(seconds, max(self.clock.left, 0.0))
        try:
            self._pipe.write(request, end, self.clock)
            head, body = wire.lengths(self._pipe.read(wire.LENGTHS.size, end, self.clock))
            return wire.unpacked(self._pipe.read(head, end, self.clock), self._pipe.read(body, end, self.clock))
        except TimeoutError as error:
            stack = self._stack()
            self.end()
            raise Ended(took=seconds if self.clock.left > 0 else None, stack=stack) from error
        except (EOFError, OSError, wire.Garbled) as error:
            garbled = isinstance(error, wire.Garbled)
            code = None if garbled else self._wait()
            stack = self._pipe.stack(0.05)
            self.end()
            raise Ended(code=code, took=0.0 if garbled else None, stack=stack) from error

    def _stack(self) -> str:
        """Ask what it is doing."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, signal.SIGUSR1)
        return self._pipe.stack(STACK)

    def _wait(self) -> int | None:
        try:
            return self._popen.wait(2.0)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """End it and all that it started, and remove its folder."""
        if not self._together and hasattr(os, "killpg"):  # then its guardian has to end what is left
            with suppress(ProcessLookupError, PermissionError):
                os.kill(self._popen.pid, signal.SIGTERM)
            self._wait()
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):  # it is its group's leader: the numbers are the same
                os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.kill()
        self._popen.wait()
        self._pipe.close()
        if self._remove:
            shutil.rmtree(self._remove, ignore_errors=True)


_spares: dict[Limits, Process] = {}


def prestart(limits: Limits) -> Callable[[], None]:
    """Let a process get ready that ``ready`` hands out later; return what ends it where nobody has taken it."""
    _spares[limits] = Process(limits, Clock(math.inf, threading.Event()))

    def end() -> None:
        spare = _spares.pop(limits, None)
        if spare is not None:
            spare.end()

    return end


def ready(limits: Limits, clock: Clock) -> Process:
    """Return a process that gets ready, or one that does so already."""
    spare = _spares.pop(limits, None)
    if spare is None:
        return Process(limits, clock)
    spare.clock = clock
    return spare


def _started() -> subprocess.Popen[bytes]:
    """Start the program that shuts itself in."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | QUIET
    command = [sys.executable, "-P", "-B", str(Path(__file__).with_name("fence.py"))]
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(  # noqa: S603  # our own program
            command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, start_new_session=True
        )
    except OSError as error:
        raise InvalidValue(f"Python cannot be started as {sys.executable}: {error.strerror or error}.") from error


def _config(limits: Limits) -> dict[str, Any]:
    """Return what the fence has to know."""
    found = [one for one in sys.path if Path(one).name in PACKAGES or Path(one, "numpy").is_dir()]
    found = list(dict.fromkeys([*found, str(Path(np.__file__).parents[1])]))
    return {
        "memory": limits.memory_gb * 1e9,
        "total": limits.total,
        "libraries": [*found, sys.prefix, sys.base_prefix],
        "path": found,
        "covered": [str(PACKAGE)],
        "temporary": tempfile.gettempdir(),
    }


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else "it ended at once."


class Pipe:
    """The three pipes of a process, read and written under a clock."""

    def __init__(self, popen: subprocess.Popen[bytes]) -> None:
        streams = (popen.stdin, popen.stdout, popen.stderr)
        self._streams = [one for one in streams if one is not None]
        self._write, self._read, self._stacks = (one.fileno() for one in self._streams)
        self._left = b""
        self._arrived: queue.Queue[bytes] | None = None
        if os.name == "nt":  # where a pipe cannot be waited for
            self._arrived = queue.Queue()
            threading.Thread(target=self._fill, args=(self._arrived,), daemon=True).start()
            return
        for file in (self._write, self._read, self._stacks):
            os.set_blocking(file, False)
        self._reads, self._writes = select.poll(), select.poll()
        self._reads.register(self._read, select.POLLIN)
        self._writes.register(self._write, select.POLLOUT)

    def _fill(self, arrived: queue.Queue[bytes]) -> None:
        while data := os.read(self._read, 1 << 16):
            arrived.put(data)
        arrived.put(b"")

    def read(self, size: int, end: float, clock: Clock) -> bytes:
        """Return so many bytes.

        Raises
        ------
        TimeoutError
        EOFError
        """
        if len(self._left) < size:
            parts, count = [self._left], len(self._left)
            while count < size:
                data = self._some(_left(end, clock))
                if data == b"":
                    raise EOFError
                parts.append(data or b"")
                count += len(data or b"")
            self._left = b"".join(parts)
        data, self._left = self._left[:size], self._left[size:]
        return data

    def _some(self, seconds: float) -> bytes | None:
        if self._arrived is not None:
            with suppress(queue.Empty):
                return self._arrived.get(timeout=seconds)
            return None
        if self._reads.poll(1000 * seconds):
            with suppress(BlockingIOError):
                return os.read(self._read, 1 << 18)
        return None

    def write(self, data: bytes, end: float, clock: Clock) -> None:
        """Write all of it."""
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._write, view) :]
            except BlockingIOError:
                self._writes.poll(1000 * _left(end, clock))

    def stack(self, seconds: float) -> str:
        """Return what the process writes of its stack within some time."""
        if self._arrived is not None:
            return ""
        poll = select.poll()
        poll.register(self._stacks, select.POLLIN)
        data, end = b"", time.monotonic() + seconds
        while len(data) < LONGEST_STACK and poll.poll(max(1000 * (end - time.monotonic()), 0)):
            part = os.read(self._stacks, 1 << 16)
            if not part:
                break
            data += part
            end = min(end, time.monotonic() + 0.05)  # the rest follows at once
        return data.decode("utf-8", "replace")

    def close(self) -> None:
        """Close all three."""
        for one in self._streams:
            with suppress(OSError):
                one.close()


def _left(end: float, clock: Clock) -> float:
    """Return how long to wait before the next look at the clock."""
    left = min(end - time.monotonic(), clock.left)
    if left <= 0:
        raise TimeoutError
    return min(left, TICK)
