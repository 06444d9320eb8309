"""Steps along a gradient, and the slips they invite: the sign, the rate, the wrong block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework.differences import Slip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from chainrule.homework import Run
    from chainrule.maths.arrays import Array


def step_slips(step: Callable[..., Sequence[Array]], line: str, up: bool = False) -> tuple[Slip, ...]:
    """Slips of a step, ``line`` being the sheet's own: ``"W ← W − lr DW."``.

    ``step(factor, rated, *arguments)`` gives W + factor · rate · dW for all blocks, without the rate if not ``rated``.
    """
    sign = 1.0 if up else -1.0
    told = (
        (
            "sign",
            "A − stands where a + belongs: it descends." if up else "A + stands where a − belongs: it climbs.",
            _with(step, -sign),
        ),
        ("rate-missing", "The rate is missing: it takes the whole gradient.", _with(step, sign, rated=False)),
        ("rate-missing", "The rate is missing, and the sign is turned.", _with(step, -sign, rated=False)),
        ("no-step", "It stays where it was.", _with(step, 0.0)),
        (
            "blocks-swapped",
            "It is moved by another block's gradient of as many entries.",
            _with_others(step, sign),
        ),
        ("step-alone", "It returns the step, not where it leads.", _alone(step, sign)),
        ("step-alone", "It returns the step, not where it leads.", _alone(step, -sign)),
    )
    return tuple(Slip(name, sentence, line, run) for name, sentence, run in told)


def _with(step: Callable[..., Sequence[Array]], factor: float, *, rated: bool = True) -> Run:
    return lambda _, *arguments: tuple(step(factor, rated, *arguments))


def _with_others(step: Callable[..., Sequence[Array]], factor: float) -> Run:
    """Each block moved by the step of the next one that has its shape."""

    def run(_: ModuleType, *arguments: Any) -> tuple[Any, ...]:
        here, there = (step(by, True, *arguments) for by in (0.0, factor))
        steps = [np.subtract(b, a) for a, b in zip(here, there, strict=True)]
        mates = [[j for j, one in enumerate(steps) if j != k and one.shape == own.shape] for k, own in enumerate(steps)]
        return tuple(
            np.add(block, steps[found[0]]) if found else block for block, found in zip(here, mates, strict=True)
        )

    return run


def _alone(step: Callable[..., Sequence[Array]], factor: float) -> Run:
    def run(_: ModuleType, *arguments: Any) -> tuple[Array, ...]:
        pairs = zip(step(factor, True, *arguments), step(0.0, True, *arguments), strict=True)
        return tuple(np.subtract(there, here) for there, here in pairs)

    return run
