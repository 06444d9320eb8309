"""The environment: variables of the libraries below, checked before the work that they would end."""

from __future__ import annotations

import importlib
import os

from chainrule.errors import InvalidValue

COUNTS = ("LOKY_MAX_CPU_COUNT", "NUMBA_NUM_THREADS")


def check_environment() -> None:
    """Refuse numbers of cores that are none, and a MPLBACKEND that matplotlib does not know."""
    for name in COUNTS:
        given = os.environ.get(name)
        if given is not None and not _is_count(given):
            raise InvalidValue(
                f"The environment variable {name} must be a whole number ≥ 1, got {given!r}. Correct it, or unset it."
            )
    if os.environ.get("MPLBACKEND"):
        _check_backend(os.environ["MPLBACKEND"])


def _is_count(text: str) -> bool:
    try:
        return int(text) >= 1
    except ValueError:
        return False


def _check_backend(name: str) -> None:
    try:
        importlib.import_module("matplotlib")  # which reads the variable, and refuses it
    except ValueError:
        raise InvalidValue(
            f"The environment variable MPLBACKEND names no backend of matplotlib: {name!r}. Unset it, or set it to agg."
        ) from None
