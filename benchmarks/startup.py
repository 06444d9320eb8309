"""Startup measured: what import, the first fit of a process and compiling cost, each in fresh processes on one core.

A compiler's cache is an empty folder for "empty cache", and the same folder a second time for "warm cache".
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.pool import ROOT, Setting
from benchmarks.workloads import COMPILED, EAGER, JAX, SCIKIT_LEARN, TEXTBOOK, TORCH_COMPILED

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Start:
    """A way to start: the contender, what it imports first, and the variable that moves its compiler's cache."""

    title: str
    contender: str
    imports: str
    cache: str | None = None
    warm: bool = False


STARTS = (
    Start("chainrule textbook", TEXTBOOK, "chainrule"),
    Start("chainrule compiled, empty cache", COMPILED, "chainrule", "CHAINRULE_CACHE"),
    Start("chainrule compiled, warm cache", COMPILED, "chainrule", "CHAINRULE_CACHE", warm=True),
    Start("scikit-learn", SCIKIT_LEARN, "sklearn.neural_network"),
    Start("PyTorch eager", EAGER, "torch"),
    Start("PyTorch compiled, empty cache", TORCH_COMPILED, "torch", "TORCHINDUCTOR_CACHE_DIR"),
    Start("PyTorch compiled, warm cache", TORCH_COMPILED, "torch", "TORCHINDUCTOR_CACHE_DIR", warm=True),
    Start("JAX (it keeps no cache)", JAX, "jax"),
)
TARGETS = {"chainrule compiled, empty cache": 6.0, "chainrule compiled, warm cache": 0.5}  # seconds of the first fit


def _probe(start: Start, setting: Setting, cache: str) -> dict[str, float]:
    """Start one process and return its seconds."""
    environment = setting.environment | ({start.cache: cache} if start.cache else {})
    done = subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-W", "ignore", "-m", "benchmarks.first_fit", start.contender, start.imports],
        capture_output=True, text=True, cwd=ROOT, env=environment, preexec_fn=setting.pin, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it ended without a word")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _repeat(start: Start, setting: Setting, repetitions: int) -> list[dict[str, float]]:
    """Start several processes, with an empty cache each or with the one that the first has filled."""
    done = []
    with tempfile.TemporaryDirectory() as filled:
        if start.warm or start.cache is None:
            _probe(start, setting, filled)  # the disk is warm for all, the compiler's cache for those who ask
        for _ in range(repetitions):
            with tempfile.TemporaryDirectory() as empty:
                done.append(_probe(start, setting, filled if start.warm else empty))
    return done


def measure_startup(
    setting: Setting, repetitions: int, without: tuple[str, ...], show: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Measure every way to start; one whose library is missing says so."""
    results: list[dict[str, Any]] = []
    for start in [start for start in STARTS if start.contender not in without]:
        show(f"startup: {start.title}")
        try:
            done = _repeat(start, setting, repetitions)
        except RuntimeError as error:
            results.append({"title": start.title, "problem": str(error)})
            continue
        medians = {part: float(np.median([probe[part] for probe in done])) for part in done[0]}
        target = TARGETS.get(start.title)
        reached = None if target is None else medians["first_fit"] - medians["second_fit"] <= target
        results.append({"title": start.title, **medians, "raw": done, "target": target, "reached": reached})
    return results
