"""Targets: what chainrule set itself to reach, fixed before any tuning, and whether the numbers reach it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_CORE, ALL_CORES = "one core", "all cores"


@dataclass(frozen=True)
class Measured:
    """A workload's numbers in one setting: median seconds an epoch by contender, ours, and the machine's."""

    seconds: Mapping[str, float]
    ours: str
    flops: float
    limit: float | None = None
    gemm_rate: float | None = None


@dataclass(frozen=True)
class Verdict:
    """A target in words, and what was measured: None where a number is missing."""

    target: str
    measured: float | None
    reached: bool | None

    def __str__(self) -> str:
        """Say it in a table's cell."""
        if self.measured is None:
            return f"{self.target}: not measured"
        return f"{self.target}: {self.measured:.2f}, {'reached' if self.reached else 'fell short'}"


@dataclass(frozen=True)
class FasterThan:
    """Ours is at least so many times as fast as a peer; 1 is to be no slower."""

    peer: str
    times: float
    settings: tuple[str, ...] = (ONE_CORE,)

    def judge(self, measured: Measured) -> Verdict:
        """Hold the ratio peer ÷ ours against the target."""
        words = f"≥ {self.times:g}× {self.peer}"
        ours, theirs = measured.seconds.get(measured.ours), measured.seconds.get(self.peer)
        if ours is None or theirs is None:
            return Verdict(words, None, None)
        return Verdict(words, theirs / ours, theirs / ours >= self.times)


@dataclass(frozen=True)
class AtMostLimit:
    """Ours takes at most so many times the machine's limit."""

    times: float
    settings: tuple[str, ...] = (ONE_CORE,)

    def judge(self, measured: Measured) -> Verdict:
        """Hold the ratio ours ÷ limit against the target."""
        words = f"≤ {self.times:g}× the limit"
        ours = measured.seconds.get(measured.ours)
        if ours is None or measured.limit is None:
            return Verdict(words, None, None)
        return Verdict(words, ours / measured.limit, ours <= self.times * measured.limit)


@dataclass(frozen=True)
class ShareOfGemm:
    """Ours reaches at least this share of the best matrix-product rate."""

    share: float
    settings: tuple[str, ...] = (ONE_CORE,)

    def judge(self, measured: Measured) -> Verdict:
        """Hold the rate of an epoch's matrix products against that of n = 512."""
        words = f"≥ {self.share:.0%} of GEMM's rate"
        ours = measured.seconds.get(measured.ours)
        if ours is None or measured.gemm_rate is None:
            return Verdict(words, None, None)
        share = measured.flops / ours / measured.gemm_rate
        return Verdict(words, share, share >= self.share)


Target: TypeAlias = FasterThan | AtMostLimit | ShareOfGemm


def judge(targets: tuple[Target, ...], setting: str, measured: Measured) -> list[Verdict]:
    """Hold every target that was set for this setting against the numbers."""
    return [target.judge(measured) for target in targets if setting in target.settings]
