"""Engines: which of the two a run is computed by, the textbook's or the compiled one."""

from __future__ import annotations

import math
import os
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

from chainrule.errors import InvalidValue, MissingLibrary, unknown_name, warn_once
from chainrule.kernels.objects import is_off
from chainrule.network.encoding import lacking, not_built_in

if TYPE_CHECKING:
    from chainrule.network.architecture import Architecture

Engine: TypeAlias = Literal["auto", "textbook", "compiled"]
ENGINES = ("auto", "textbook", "compiled")
WORTH_LOADING = 0.02  # seconds of the textbook engine from which the compiled one pays, its kernels in the cache
WORTH_COMPILING = 4.0  # and from which it pays for being compiled, where no cache is kept: CHAINRULE_CACHE=off
WORTH_A_WORD = 0.4  # and from which it is said that the compiled engine cannot be had


def check_engine(engine: str) -> Engine:
    """Return the engine's name, or the sentence that lists the names."""
    if engine not in ENGINES:
        raise unknown_name("engine", engine, ENGINES)
    return engine  # type: ignore[return-value]


def preferred() -> Engine:
    """Return what "auto" prefers: itself, or the engine that the environment variable CHAINRULE_ENGINE names."""
    given = os.environ.get("CHAINRULE_ENGINE") or "auto"
    if given not in ENGINES:
        raise unknown_name("engine in CHAINRULE_ENGINE,", given, ENGINES)
    return given  # type: ignore[return-value]


def _worthwhile() -> float:
    """From how many seconds of the textbook engine on "auto" takes the compiled one."""
    settings = {"textbook": math.inf, "compiled": 0.0, "auto": WORTH_COMPILING if is_off() else WORTH_LOADING}
    return settings[preferred()]


def textbook_seconds(net: Architecture, n_samples: int, batch_size: int, epochs: int) -> float:
    """Estimate how long the textbook engine takes for so many epochs, from shapes alone.

    A batch takes 15 µs for itself and a layer, a sample 0.15 ns a weight and 10 ns a unit: about what was measured on
    one core of 2022. The same run is always estimated the same.

    >>> from chainrule import Dense, Network
    >>> round(textbook_seconds(Network([Dense(10), Dense(1)], n_features=2), 100, 100, epochs=1000), 3)
    0.073
    """
    sizes = (net.n_features, *(layer.n_outputs for layer in net.layers))
    weights = sum(before * after for before, after in pairwise(sizes))
    of_a_batch = 15e-6 * (len(net.layers) + 2)
    of_a_sample = 0.15e-9 * weights + 10e-9 * sum(sizes)
    return epochs * (-(-n_samples // batch_size) * of_a_batch + n_samples * of_a_sample)


def is_compiled(engine: Engine, net: Architecture, seconds: float, obstacle: str | None = None) -> bool:
    """Whether a run of so many textbook seconds is compiled; ``obstacle`` is what the compiled engine cannot do.

    Raises
    ------
    InvalidValue, MissingLibrary
        Where ``engine="compiled"`` cannot be had.
    """
    if engine == "textbook":
        return False
    obstacle = not_built_in(net) or obstacle
    if engine == "compiled":
        if obstacle:
            raise InvalidValue(
                f"Cannot use engine='compiled' with {obstacle}: it computes only what is built in. Use engine='auto'."
            )
        if missing := lacking():
            raise MissingLibrary(f"{missing}, and engine='compiled' needs it. Or use engine='textbook'.")
        return True
    if obstacle or seconds < _worthwhile():
        return False
    missing = lacking()
    if missing and seconds > WORTH_A_WORD:
        warn_once(f"{missing}, so long trainings take longer: the textbook engine trains.")
    return not missing
