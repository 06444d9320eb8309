"""The address of BLAS's ``gemm``: in the OpenBLAS that NumPy brings along and has loaded, or in SciPy's BLAS.

Loading SciPy's linear algebra for it takes a quarter of a second, so that is only done where NumPy's BLAS is another
(conda's, the system's, Apple's). Dimensions are passed as 64 bits: NumPy's takes them so, and where 32 are expected a
little-endian processor finds the same number in the first half.
"""

from __future__ import annotations

import ctypes
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

FLOAT32 = np.dtype(np.float32)


@cache
def gemm(dtype: np.dtype[Any]) -> int:
    """Return the address of ``sgemm`` for float32, of ``dgemm`` for float64."""
    name = "sgemm" if dtype == FLOAT32 else "dgemm"
    return _numpys(name) or _scipys(name)


def _numpys(name: str) -> int | None:
    """Return its address in the OpenBLAS of NumPy's wheels, None where there is no such library."""
    home = Path(np.__file__).parent
    for place in (*(home.parent / "numpy.libs").glob("*openblas*"), *(home / ".dylibs").glob("*openblas*")):
        try:
            library = ctypes.CDLL(str(place))
        except OSError:
            continue
        for symbol in (f"scipy_{name}_64_", f"{name}_64_", f"scipy_{name}_", f"{name}_"):
            if hasattr(library, symbol):
                return ctypes.cast(getattr(library, symbol), ctypes.c_void_p).value
    return None


def _scipys(name: str) -> int:
    """Return its address as SciPy hands it to Cython."""
    capsule = import_module("scipy.linalg.cython_blas").__pyx_capi__[name]
    kind = ctypes.pythonapi.PyCapsule_GetName
    kind.restype, kind.argtypes = ctypes.c_char_p, [ctypes.py_object]
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return int(pointer(capsule, kind(capsule)))
