"""The cache of compiled kernels: kept by content, so that a stale one cannot be used; where it fails, one compiles."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator
from numba.misc.appdirs import AppDirs


def content(path: Path) -> str:
    """Hash what a file and its neighbours hold: numba's own cache goes by time and size, which a copied file can share.

    Compiled kernels hold the types of ``arguments.py`` too, so another version of that is another cache.
    """
    held = hashlib.sha256(path.read_bytes())
    for neighbour in sorted(path.parent.glob("*.py")):
        held.update(neighbour.read_bytes())
    return held.hexdigest()[:20]


def folder() -> Path:
    """The folder of all kernels: ``NUMBA_CACHE_DIR`` if it is set, else the user's folder for caches."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    return Path(given) if given else Path(AppDirs("chainrule").user_cache_dir)  # type: ignore[no-untyped-call]


class ByContent(_CacheLocator):
    """Says where a function's machine code is kept: in a folder named by the content of the file it is written in."""

    def __init__(self, source: str) -> None:
        self.stamp = content(Path(source))

    def get_cache_path(self) -> str:
        """Return the folder."""
        return str(folder() / self.stamp)

    def get_source_stamp(self) -> str:
        """Return what must be the same for the code to be used."""
        return self.stamp

    def get_disambiguator(self) -> None:
        """Return nothing: the folder tells files apart."""

    @classmethod
    def from_function(cls, _function: Any, source: str) -> ByContent:
        """Return the place of a function that is written in this file."""
        return cls(source)


class Keeping(CompileResultCacheImpl):
    """Numba's way of keeping code, at our place."""

    _locator_classes: Any = [ByContent]  # noqa: RUF012  # as the base has it


class KernelCache(FunctionCache):
    """A cache that may be missing, read-only, full or cut short: then the code is compiled, and used all the same."""

    _impl_class = Keeping

    def load_overload(self, signature: Any, context: Any) -> Any:
        """Return the kept code, or None; what cannot be read is forgotten."""
        try:
            return super().load_overload(signature, context)  # type: ignore[no-untyped-call]
        except Exception:  # a damaged file can fail in any way while it is unpickled
            with contextlib.suppress(OSError):
                self.flush()  # type: ignore[no-untyped-call]
            return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep the code if it can be kept."""
        with contextlib.suppress(OSError):
            super().save_overload(signature, compiled)  # type: ignore[no-untyped-call]


def kept(function: Any) -> Any:
    """Let numba keep what it compiles of this function."""
    function._cache = KernelCache(function.py_func)  # type: ignore[no-untyped-call]
    return function
