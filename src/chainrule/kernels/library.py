"""The compiled kernels of this process, by name and dtype: from the user's cache or compiled, linked when first needed.

numba is imported where something has to be compiled, and only there.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from chainrule.errors import ChainruleError, one_line
from chainrule.kernels.arguments import words
from chainrule.kernels.entry import COMPILED, Compiled
from chainrule.kernels.linking import link, processor
from chainrule.kernels.objects import compiling_alone, is_filled, key_of, read, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np

    from chainrule.kernels.compiler import Names
    from chainrule.kernels.objects import Kernel

turn = threading.RLock()  # of whoever compiles and links; held while this process forks
_places: dict[tuple[str, np.dtype[Any]], int] = {}
_unused = ctypes.c_void_p()
_nowhere = ctypes.byref(_unused)  # where a kernel of no result writes nothing
_key: list[str] = []


def address(name: str, dtype: np.dtype[Any]) -> int:
    """Return the address of a kernel for a dtype in this process."""
    if (name, dtype) not in _places:
        load([name], dtype)
    return _places[name, dtype]


def load(names: Iterable[str], *dtypes: np.dtype[Any]) -> None:
    """Have these kernels ready: those that are not in the cache are compiled together."""
    with turn:
        wanted = [(name, dtype) for dtype in dtypes for name in dict.fromkeys(names) if (name, dtype) not in _places]
        if missing := _not_kept(wanted):
            with compiling_alone(current_key()):
                if missing := _not_kept(missing):  # another process may have compiled them meanwhile
                    _compile(missing)


def _not_kept(names: Names) -> Names:
    """Link what is in the cache, and return the rest."""
    return [one for one in names if not _is_linked(one, read(*one, current_key()))]


def current_key() -> str:
    """Return the name of all that decides what is compiled, as it was when this process first asked."""
    if not _key:
        _key.append(key_of(processor()))
    return _key[0]


def trouble() -> str | None:
    """Say what stands in the way of compiling, as the begin of a sentence; it is not looked for where much is kept."""
    from chainrule.kernels.compiler import import_numba  # noqa: PLC0415  # it is seldom needed

    try:
        if not is_filled(current_key()):
            import_numba()
    except ImportError as error:
        return f"numba cannot be imported ({one_line(str(error))})"
    return None


def _is_linked(one: tuple[str, np.dtype[Any]], kernel: Kernel | None) -> bool:
    place = None if kernel is None else link(kernel)
    if place is None:
        return False
    _places[one] = place
    COMPILED[place] = Compiled(*one)
    return True


def _compile(names: Names) -> None:
    """Compile and link; keep in the cache what was made of the files that the key was made of."""
    from chainrule.kernels.compiler import compile_all  # noqa: PLC0415  # it is seldom needed

    with _progress(len(names)):
        kernels = compile_all(names, current_key())
    same = key_of(processor()) == current_key()
    for one, kernel in zip(names, kernels, strict=True):
        if not _is_linked(one, kernel):
            raise ChainruleError(
                f"The kernel {one[0]} cannot be linked: it calls {', '.join(kernel.needs)}. Use engine='textbook'."
            )
        if same:
            write(kernel, *one, current_key())


@contextmanager
def _progress(n: int) -> Iterator[None]:
    """Say on a terminal what is waited for, and in the end how long it took."""
    if not sys.stderr or not sys.stderr.isatty():
        yield
        return
    began = time.perf_counter()
    print(f"Compiling {n} kernels for this processor, once: ", end="", file=sys.stderr, flush=True)  # noqa: T201
    try:
        yield
    finally:
        print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)  # noqa: T201


# --- calls ----------------------------------------------------------------------------------------------------------


@cache
def function(name: str, dtype: np.dtype[Any]) -> Any:
    """Return a kernel that Python calls, as a function of C; it holds no lock of Python's while it runs."""
    kind = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return kind(address(name, dtype))


def call(name: str, dtype: np.dtype[Any], *given: NamedTuple | bytes) -> None:
    """Call a kernel with its arguments, or with words that were made of them (``arguments.words``)."""
    call_with_words(name, dtype, b"".join([one if isinstance(one, bytes) else words(one) for one in given]))


def call_with_words(name: str, dtype: np.dtype[Any], table: bytes) -> None:
    """Call a kernel with all of its arguments in words."""
    if status := function(name, dtype)(_nowhere, _nowhere, table, None):
        raise ChainruleError(f"The kernel {name} failed with status {status}. Use engine='textbook', and report it.")
