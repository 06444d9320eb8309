"""Kernels compiled by numba: one by one, and half of them in a second process where there is a second core."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.kernels.objects import Kernel, from_bytes, to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

Names: TypeAlias = "list[tuple[str, np.dtype[Any]]]"
CHILD = """import sys
sys.path[:] = sys.argv[3:]
sys.modules["scipy"] = None  # numba would import its linear algebra, which no kernel uses
from chainrule.kernels.compiler import serve
serve(*sys.argv[1:3])"""
WORK = {
    "run": 15,
    "any_loss": 6,
    "backward": 5,
    "forward": 4,
    "cross_entropy_from_logits": 4,
    "log_loss_from_logits": 4,
    "adam": 3,
    "softmax": 3,
    "drop": 2,
    "poisson_from_logs": 2,
    "predict": 2,
    "sigmoid": 2,
    "softplus": 2,
}  # to compile, and 1 for every other: tenths of a second
STARTING = 1  # a second process, until it compiles as well as this one
WAITS = 600  # seconds for the second process: it takes some


def compile_all(names: Names, key: str) -> list[Kernel]:
    """Compile kernels, each for a dtype, about half of the work in a second process."""
    own, theirs = _shares(names)
    with _second_process(theirs, key) as child:
        done = {name: _compile(*name) for name in own}
        done |= _received(child, theirs, key)
    done |= {name: _compile(*name) for name in names if name not in done}
    return [done[name] for name in names]


def _shares(names: Names) -> tuple[Names, Names]:
    """Deal out what this process compiles and what a second one does, which has to start first."""
    own: Names = []
    theirs: Names = []
    work, their_work = 0, STARTING
    for name in sorted(names, key=lambda name: -WORK.get(name[0], 1)):
        more = WORK.get(name[0], 1)
        if work <= their_work:
            own.append(name)
            work += more
        else:
            theirs.append(name)
            their_work += more
    return own, theirs


def _compile(name: str, dtype: np.dtype[Any]) -> Kernel:
    """Compile a kernel for a dtype."""
    import_numba()
    from numba import from_dtype  # noqa: PLC0415  # where it is needed

    function, arguments = import_module("chainrule.kernels.engine").SOURCES[name]
    signature = arguments(from_dtype(dtype))
    function.compile(signature)
    compiled = function.overloads[signature]
    code = compiled.library.object_code()
    declared = [one for one in compiled.library._final_module.functions if one.is_declaration]
    needs = tuple(one.name for one in declared if not one.name.startswith("llvm."))
    return Kernel(compiled.fndesc.llvm_func_name, needs, code)


def import_numba() -> None:
    """Import numba, which takes a quarter of a second, and nothing where all that is needed is in the cache."""
    import_module("numba")


# --- the second process ---------------------------------------------------------------------------------------------


@contextmanager
def _second_process(names: Names, key: str) -> Iterator[subprocess.Popen[bytes] | None]:
    """Start a process that compiles these; None where there is nothing to do, no core for it, or no Python."""
    child = _start(names, key) if names and _has_two_cores() and _is_python() else None
    try:
        yield child
    finally:
        if child is not None:
            child.kill()
            child.communicate()


def _start(names: Names, key: str) -> subprocess.Popen[bytes] | None:
    given = ",".join(f"{name}:{dtype.name}" for name, dtype in names)
    command = [sys.executable, "-I", "-W", "ignore", "-c", CHILD, given, key, *sys.path]
    quiet: Any = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.Popen(command, **quiet)  # noqa: S603  # our own module
    except OSError:  # no more processes, no memory: this one does it all
        return None


def _received(child: subprocess.Popen[bytes] | None, names: Names, key: str) -> dict[Any, Kernel]:
    """Return what the second process has compiled: fewer than asked for where it failed."""
    if child is None:
        return {}
    try:
        sent, _ = child.communicate(timeout=WAITS)
    except subprocess.TimeoutExpired:
        return {}
    done, at = {}, 0
    for name in names:
        if at + 8 > len(sent):
            break
        (size,) = struct.unpack_from("<Q", sent, at)
        kernel = from_bytes(sent[at + 8 : at + 8 + size], *name, key)
        if kernel is None:
            break
        done[name] = kernel
        at += 8 + size
    return done


def serve(given: str, key: str) -> None:
    """Be the second process: compile what is given as text, and write it to standard output."""
    out: IO[bytes] = sys.stdout.buffer
    for one in given.split(","):
        name, dtype = one.split(":")
        content = to_bytes(_compile(name, np.dtype(dtype)), name, np.dtype(dtype), key)
        out.write(struct.pack("<Q", len(content)) + content)
        out.flush()


def _has_two_cores() -> bool:
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) > 1


def _is_python() -> bool:
    """Whether ``sys.executable`` is Python, and not a program that holds one: that would start a second time."""
    return not getattr(sys, "frozen", False) and Path(sys.executable or "").name.startswith("python")
