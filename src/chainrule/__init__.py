"""chainrule: the neural network you can open.

Everything public is here: ``import chainrule as cr``. The names stand in ``__init__.pyi`` and load when they are first
used, so that importing chainrule costs less than importing NumPy.
"""

from __future__ import annotations

import sys

import lazy_loader

__version__ = "0.2.0"

if not getattr(sys, "_is_gil_enabled", lambda: True)():  # a lock that Python before 3.13 always has
    raise ImportError(
        "chainrule has not been tested without Python's global lock, and its kernels rely on it. Start Python with "
        "the lock: python -X gil=1, or PYTHON_GIL=1 in the environment."
    )

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
