"""chainrule: the neural network you can open.

Everything public is here: ``import chainrule as cr``. The names stand in ``__init__.pyi`` and load when they are first
used, so that importing chainrule costs less than importing NumPy.
"""

from __future__ import annotations

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
