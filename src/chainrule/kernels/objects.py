"""Compiled kernels as files: object code in the user's cache folder, which no other user can have written.

A file is believed only if it and its folder belong to the user, nobody else may write to them, and its checksum and
what it says of itself are right. Everything that decides what a compiler makes of a kernel is in the folder's name.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from chainrule.errors import InvalidFile, warn_once
from chainrule.files.atomic import write_whole
from chainrule.files.locks import lock

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

MAGIC = b"chainrule kernel 1\n"
LARGEST = 2**24  # bytes of a file: they have some thousands
OFF = "off"
PATIENCE = 60.0  # seconds to wait for a process that compiles the same
SETTINGS = ("CPU_NAME", "CPU_FEATURES", "OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "ENABLE_AVX", "DISABLE_INTEL_SVML")


class Kernel(NamedTuple):
    """A compiled kernel: its symbol, the functions that it calls, and its object code."""

    symbol: str
    needs: tuple[str, ...]
    code: bytes


def to_bytes(kernel: Kernel, name: str, dtype: np.dtype[Any], key: str) -> bytes:
    """Return a kernel as the content of a file."""
    head = {"kernel": name, "dtype": dtype.name, "key": key, "symbol": kernel.symbol, "needs": kernel.needs}
    body = json.dumps(head).encode() + b"\n" + kernel.code
    return MAGIC + hashlib.sha256(body).digest() + body


def from_bytes(content: bytes, name: str, dtype: np.dtype[Any], key: str) -> Kernel | None:
    """Return what such a content holds; None where it is another kernel's, or not as it was written."""
    body = content[len(MAGIC) + 32 :]
    if content[: len(MAGIC) + 32] != MAGIC + hashlib.sha256(body).digest():
        return None
    line, _, code = body.partition(b"\n")
    head = json.loads(line)
    if (head["kernel"], head["dtype"], head["key"]) != (name, dtype.name, key):
        return None
    return Kernel(head["symbol"], tuple(head["needs"]), code)


def key_of(processor: str) -> str:
    """Hash all that decides what is compiled: the kernels' files, numba's and llvmlite's versions, the processor."""
    held = hashlib.sha256(f"{processor} {sys.platform} {sys.maxsize}".encode())
    for name in SETTINGS:
        held.update(f" {name}={os.environ.get(f'NUMBA_{name}')}".encode())
    for source in (*sorted(Path(__file__).parent.glob("*.py")), *map(_version_file, ("numba", "llvmlite"))):
        held.update(source.read_bytes())
    return held.hexdigest()[:20]


def _version_file(package: str) -> Path:
    """Return the file that says a package's version: to import its metadata takes as long as all else here."""
    found = find_spec(package)
    start = Path(found.origin if found and found.origin else f"{package}.py")
    return stated if (stated := start.with_name("_version.py")).exists() else start


# --- the folder -----------------------------------------------------------------------------------------------------


def is_off() -> bool:
    """Whether the user wants no cache: ``CHAINRULE_CACHE=off``."""
    return os.environ.get("CHAINRULE_CACHE") == OFF


def folder() -> Path:
    """Return the folder of all kernels: ``CHAINRULE_CACHE`` if it is set, else in the user's folder for caches."""
    if given := os.environ.get("CHAINRULE_CACHE"):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "chainrule" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "chainrule"
    given = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(given) if Path(given).is_absolute() else Path.home() / ".cache") / "chainrule"


def is_filled(key: str) -> bool:
    """Whether something has been compiled for this key."""
    try:
        return not is_off() and any((folder() / key).iterdir())
    except (OSError, RuntimeError):
        return False


def read(name: str, dtype: np.dtype[Any], key: str) -> Kernel | None:
    """Return a kernel from the cache; None where there is none that can be believed."""
    if is_off():
        return None
    try:
        place = _place(name, dtype, key)
        if any(_whose(path.stat()) for path in (place.parent.parent, place.parent)):
            return None
        with open(place, "rb", opener=_without_links) as file:
            found = os.fstat(file.fileno())
            if _whose(found) or not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
                return None
            return from_bytes(file.read(LARGEST), name, dtype, key)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError):  # RuntimeError: there is no home
        return None


@contextmanager
def compiling_alone(key: str) -> Iterator[None]:
    """Wait until no other process compiles for this key, whose kernels are then in the cache; not for ever."""
    descriptor = _opened_lock(key)
    try:
        until = time.monotonic() + PATIENCE
        while descriptor is not None and not lock(descriptor) and time.monotonic() < until:
            time.sleep(0.02)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _opened_lock(key: str) -> int | None:
    """Open the file by which processes take turns; None where no cache can be kept, and waiting gains nothing."""
    try:
        if is_off():
            return None
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        return _without_links(str(folder() / f"{key}.lock"), os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0))
    except (OSError, RuntimeError, ValueError):
        return None


def write(kernel: Kernel, name: str, dtype: np.dtype[Any], key: str) -> None:
    """Keep a kernel in the cache; where that cannot be, say so, once in a process."""
    if is_off():
        return
    where: Path | str = "in the user's folder"
    try:
        where = folder()
        place = _place(name, dtype, key)
        for path in (place.parent.parent, place.parent):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if whose := _whose(path.stat()):
                raise InvalidFile(f"{path} {whose}")
        write_whole(place, to_bytes(kernel, name, dtype, key))
        place.chmod(0o600)
    except (OSError, RuntimeError, ValueError) as error:
        warn_once(
            f"Compiled kernels cannot be kept in {where}, and every process has to compile them anew, for seconds: "
            f"{error} Set CHAINRULE_CACHE to a folder of your own, or to 'off': then only long trainings are compiled."
        )


def _place(name: str, dtype: np.dtype[Any], key: str) -> Path:
    return folder() / key / f"{name}-{dtype.name}.o"


def _whose(found: os.stat_result) -> str:
    """Say why a file or folder cannot be trusted: '' where it is the user's, and nobody else may write to it."""
    if not hasattr(os, "geteuid"):  # Windows: the user's folder is the user's
        return ""
    if found.st_uid != os.geteuid():
        return "belongs to another user."
    return "may be written by others." if found.st_mode & 0o022 else ""


def _without_links(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o600)
