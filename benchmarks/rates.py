"""Rates: what this machine does at best, measured in the run itself and in its process's thread setting."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.counts import state_bytes
from benchmarks.limit import Rates

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    import numpy.typing as npt

    from benchmarks.workloads import Workload

    Product: TypeAlias = Callable[[npt.NDArray[Any], npt.NDArray[Any]], Callable[[], object]]

GEMM_N = 512
EXP_ELEMENTS = 2048
LEAST_EXP = 1e-11  # seconds: less is the noise of a difference, of a machine with other work
LEAST_COPY, LOOP_BYTES = 2**14, 2**23  # bytes of the smallest array timed, and copied a try at least


def best_seconds(work: Callable[[], object], tries: int = 15, loops: int = 1) -> float:
    """Return the shortest of several tries, each the mean of its loops."""
    best = float("inf")
    for _ in range(tries):
        begin = time.perf_counter()
        for _ in range(loops):
            work()
        best = min(best, (time.perf_counter() - begin) / loops)
    return best


def numpy_product(A: npt.NDArray[Any], B: npt.NDArray[Any]) -> Callable[[], object]:
    """Return what computes A B by NumPy's BLAS."""
    out = np.empty_like(A)
    return lambda: np.dot(A, B, out)


def gemm_rate(dtype: str, product: Product = numpy_product, tries: int = 15) -> float:
    """Operations a second of the best product of two 512 × 512 matrices, by a library's own way."""
    generator = np.random.default_rng(0)
    A, B = (generator.standard_normal((GEMM_N, GEMM_N)).astype(dtype) for _ in range(2))
    return 2 * GEMM_N**3 / best_seconds(product(A, B), tries, loops=5)


def exp_rates(dtype: str, tries: int = 15) -> dict[str, float]:
    """Seconds an element of e^x, by NumPy and by chainrule, on an array that fits in L1."""
    from chainrule.kernels import library  # noqa: PLC0415  # for the one worker that measures rates
    from chainrule.kernels.arguments import Exponentials, words  # noqa: PLC0415

    x = np.linspace(-8, 8, EXP_ELEMENTS).astype(dtype)
    out = np.empty_like(x)
    whole, half = words(Exponentials(x, out)), words(Exponentials(x[: len(x) // 2], out[: len(x) // 2]))
    both, one = (
        best_seconds(lambda table=table: library.call("exp_array", x.dtype, table), 4 * tries, loops=500)
        for table in (whole, half)
    )  # their difference, for a call from Python takes as long as some elements
    numpy, ours = best_seconds(lambda: np.exp(x, out), tries, loops=500), both - one
    rates = {"numpy": numpy / len(x), "chainrule": ours / (len(x) - len(x) // 2)}
    return {name: rate for name, rate in rates.items() if rate > LEAST_EXP}


def copy_rate(n_bytes: int, tries: int = 15) -> float:
    """Bytes read and written a second by a copy of an array of that size.

    What a call of np.copyto costs by itself is taken off. An array smaller than 16 KiB is in L1 as one of 16 KiB is,
    and so has its rate: alone it would be too little to time.
    """
    source = np.ones(max(n_bytes, LEAST_COPY) // 8)
    target = np.zeros_like(source)
    loops = max(1, LOOP_BYTES // source.nbytes)
    call = best_seconds(lambda: np.copyto(target[:1], source[:1]), tries, loops)
    slices = best_seconds(lambda: np.copyto(target[:], source[:]), tries, loops)
    return 2 * source.nbytes / (slices - call)


def measure_rates(workload: Workload, n_cores: int) -> Rates:
    """Measure a workload's three rates; NumPy's exp runs on one core, so its time is divided by the cores."""
    exp_seconds = min(exp_rates(workload.dtype).values()) / n_cores
    return Rates(gemm_rate(workload.dtype), exp_seconds, copy_rate(state_bytes(workload)))
