"""Generators: where NumPy's random streams stand, as plain values, checked before NumPy is told to go on from there."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.errors import InvalidValue

MT19937_WORDS = 624


def state_of(generator: np.random.RandomState, where: str) -> dict[str, Any]:
    """Return where a generator stands.

    Raises
    ------
    InvalidValue
        Where its bits come from another algorithm than MT19937 or PCG64.

    Examples
    --------
    >>> generator = np.random.RandomState(7)
    >>> again = restored(state_of(generator, "random_state"))
    >>> bool(generator.normal() == again.normal())
    True
    """
    whole: Any = generator.get_state(legacy=False)
    name, inner = whole.pop("bit_generator"), whole.pop("state")
    if name not in ("MT19937", "PCG64"):
        raise InvalidValue(f"Cannot save {where}: files keep generators of MT19937 and of PCG64, and this is {name}.")
    return {"bits": name, **inner, **whole}


def restored(state: dict[str, Any]) -> np.random.RandomState:
    """Return a generator that stands there.

    Raises
    ------
    ValueError, TypeError, KeyError
        Where there is no such place: NumPy would read its memory out of bounds.
    """
    state = dict(state)
    name = state.pop("bits")
    gauss = {"has_gauss": _whole(state.pop("has_gauss"), 1), "gauss": float(state.pop("gauss"))}
    if name == "MT19937":
        key = state.pop("key")
        if key.dtype != np.uint32 or key.shape != (MT19937_WORDS,):
            raise ValueError(f"MT19937 has {MT19937_WORDS} words of 32 bits")
        inner, more = {"key": key, "pos": _whole(state.pop("pos"), MT19937_WORDS)}, {}
        generator = np.random.RandomState(np.random.MT19937())
    elif name == "PCG64":
        inner = {part: _whole(state.pop(part), 2**128 - 1) for part in ("state", "inc")}
        more = {"has_uint32": _whole(state.pop("has_uint32"), 1), "uinteger": _whole(state.pop("uinteger"), 2**32 - 1)}
        generator = np.random.RandomState(np.random.PCG64())
    else:
        raise ValueError(f"there is no generator {name!r}")
    if state:
        raise ValueError(f"a generator has no {', '.join(state)}")
    generator.set_state({"bit_generator": name, "state": inner, **more, **gauss})
    return generator


def _whole(value: object, most: int) -> int:
    """Return a whole number from 0 to a bound."""
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{value!r} is no whole number from 0 to {most}")
    return value
