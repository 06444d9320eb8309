"""The limit: the least time that this machine needs for an epoch, from counts and three rates measured in the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.counts import epoch_bytes, epoch_exps, epoch_flops

if TYPE_CHECKING:
    from benchmarks.workloads import Workload


@dataclass(frozen=True)
class Rates:
    """What the machine can do in one dtype.

    Attributes
    ----------
    gemm : float
        Operations a second of the best matrix product at n = 512.
    exp_seconds : float
        Seconds an element of the fastest of NumPy's exp and chainrule's, on an array that fits in L1.
    copy : float
        Bytes read and written a second by a copy of an array as large as the parameters and optimizer state.
    """

    gemm: float
    exp_seconds: float
    copy: float

    def best_of(self, other: Rates) -> Rates:
        """Return the better of two measurements of each: a busy moment is no limit of the machine."""
        exp_seconds = min(self.exp_seconds, other.exp_seconds)
        return Rates(max(self.gemm, other.gemm), exp_seconds, max(self.copy, other.copy))


def limit_seconds(workload: Workload, rates: Rates) -> float:
    """Seconds an epoch takes at least, flops / gemm + exps · exp_seconds + bytes / copy.

    The formula was fixed before any tuning. It is no lower bound in the strict sense: work that overlaps can beat it.
    """
    products = epoch_flops(workload) / rates.gemm
    exps = epoch_exps(workload) * rates.exp_seconds
    updates = epoch_bytes(workload) / rates.copy
    return products + exps + updates
