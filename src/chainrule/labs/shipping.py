"""Shipping: what a lab's file defines, sent to processes that cannot import it."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from chainrule.labs.assignment import Assignment


@contextmanager
def shipped(lab: Assignment) -> Iterator[None]:
    """Let other processes get what the lab's file defines, and the files beside it: they cannot import them."""
    try:
        cloudpickle = importlib.import_module("joblib.externals.cloudpickle")
    except ImportError:  # from joblib 1.6 on it is a library of its own
        cloudpickle = importlib.import_module("cloudpickle")
    modules = [] if lab.file is None else _modules_of(lab.file)
    for module in modules:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in modules:
            cloudpickle.unregister_pickle_by_value(module)


def _modules_of(path: Path) -> list[ModuleType]:
    """The modules whose files lie in the lab's folder."""
    found = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
    own = [name for name, file in found.items() if file is not None and Path(file).parent == path.parent]
    return [sys.modules[name] for name in own if name != "__main__"]
