"""Parity on raw tables: the defaults, 200 epochs, on data that nobody has scaled; `python -m benchmarks.parity_raw`.

On such data a fit may be chaotic: one ulp in the start grows until the last digits of two machines' results have
nothing in common. So a case is compared at the largest max_iter of 200, 100, 50, 20, 10, 5, 2 and 1 at which one ulp
in every initial weight changes scikit-learn's own arrays by no more than 1e-6 of their largest entry (float32: 1e-4),
and not its n_iter_; the tolerance is ten times that change, at least 1e-9 (float32: 1e-6). Where scikit-learn raises
because its weights are no longer finite, ours must say that it diverged, with finite weights, and its loss_curve_ must
be the beginning of scikit-learn's, as far as that one is finite.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from dataclasses import replace
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from benchmarks.parity import BY_ENGINE, EXACT, SCIKIT_LEARN, Case, differences, fit, nudged
from benchmarks.parity_tables import SEEN, TABLES, UNSEEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LENGTHS = (200, 100, 50, 20, 10, 5, 2, 1)
CALM = {"float64": 1e-6, "float32": 1e-4}
FLOORS = {"float64": 1e-9, "float32": 1e-6}
HOWS: dict[str, dict[str, Any]] = {
    "adam": {"solver": "adam"},
    "sgd": {"solver": "sgd_nesterov"},
    "lbfgs": {"solver": "lbfgs"},
    "early": {"solver": "adam", "how": "early_stopping"},
    "float32": {"solver": "adam", "dtype": "float32"},
}


def cases(names: Sequence[str] = tuple(TABLES)) -> Iterator[Case]:
    """Every table by every solver, with early stopping, and in float32."""
    for name in names:
        for how in HOWS.values():
            case = Case(name, hidden=(100,), **how)
            if not (case.task == "several outputs" and case.solver == "lbfgs"):  # see parity.DELIBERATE
                yield case


def at_length(case: Case, n: int) -> Case:
    """The same case for at most so many epochs or iterations."""
    return replace(case, more=(("max_iter", n),))


@cache
def raises(case: Case) -> Any:
    """scikit-learn's estimator, if its fit ends because its weights are not finite; else None."""
    made = []

    def noted(kind: Callable[..., Any]) -> Callable[..., Any]:
        return lambda **settings: made.append(kind(**settings)) or made[-1]

    try:
        fit(case, [noted(kind) for kind in SCIKIT_LEARN])
    except ValueError as error:
        if "non-finite" in str(error):
            return made[-1]
        raise
    return None


@cache
def calm(case: Case) -> tuple[Case, Any, set[tuple[str, str]], float] | None:
    """The longest fit of a case that one ulp leaves as it is: case, scikit-learn's fit, its warnings, the effect."""
    for n in LENGTHS:
        shorter = at_length(case, n)
        expected, warned = fit(shorter, SCIKIT_LEARN)
        effect = 0.0
        for seed in (None, 0, 1):
            with nudged(seed):
                away, _ = fit(shorter, SCIKIT_LEARN)
            same = away.n_iter_ == expected.n_iter_
            effect = max(effect, *differences(shorter, expected, away).values()) if same else np.inf
        if effect <= CALM[case.dtype]:
            return shorter, expected, warned, effect
    return None


def compare_diverged(case: Case, diverged: Any, ours: Sequence[Callable[..., Any]]) -> dict[str, Any]:
    """Hold ours against a fit of scikit-learn's that ended in an error: it must say so, and keep finite weights."""
    try:
        actual, warned = fit(case, ours)
    except ValueError as error:
        said, where = "too large for dtype" in str(error), "refused"
    else:
        said = any("diverged" in text or "left the finite numbers" in text for _, text in warned)
        said = said and bool(np.isfinite(actual.theta_).all() and np.isfinite(actual.predict(case.arrays()[0])).all())
        where = "diverged, told"
        curve = getattr(actual, "loss_curve_", [])
        theirs = list(takewhile(np.isfinite, getattr(diverged, "loss_curve_", [])))[: len(curve)]
        rtol = 1e-6 if case.dtype == "float64" else 1e-3
        said = said and np.allclose(curve[: len(theirs)], theirs, rtol=rtol, atol=0.0)
    return {"case": case, "n": 0, "largest": 0.0, "tolerance": 0.0, "where": where, "unlike": [], "ok": said}


def compare_raw(case: Case, engine: str) -> dict[str, Any]:
    """Fit scikit-learn's estimator and ours on a raw table and say how far they are apart, by the rule above.

    Returns a dict: the `case`, `n` (max_iter of the comparison, 0 where there is none), the `largest` difference and
    `where`, the `tolerance`, `unlike` (what is to be equal and is not), and `ok`.
    """
    whole = at_length(case, LENGTHS[0])
    if (diverged := raises(whole)) is not None:
        return compare_diverged(whole, diverged, BY_ENGINE[engine])
    found = calm(case)
    if found is None:
        chaos = "chaotic from the first epoch"
        return {"case": case, "n": 0, "largest": 0.0, "tolerance": 0.0, "where": chaos, "unlike": [], "ok": True}
    shorter, expected, warned, effect = found
    actual, warned_too = fit(shorter, BY_ENGINE[engine])
    gaps = differences(shorter, expected, actual)
    where = max(gaps, key=lambda name: gaps[name])
    tolerance = max(FLOORS[case.dtype], 10 * effect)
    unlike = [name for name in EXACT if getattr(expected, name, None) != getattr(actual, name, None)]
    if {kind for kind, _ in warned} != {kind for kind, _ in warned_too}:
        unlike.append("warnings")
    return {
        "case": case,
        "n": shorter.parameters["max_iter"],
        "largest": gaps[where],
        "tolerance": tolerance,
        "where": where,
        "unlike": unlike,
        "ok": gaps[where] <= tolerance and not unlike,
    }


def main(arguments: list[str] | None = None) -> int:
    """Compare on the tables, print those that fail and how many there are of each kind; 1 where one fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parity_raw", description=__doc__)
    parser.add_argument("--half", choices=("seen", "unseen", "both"), default="both")
    parser.add_argument("--only", default="", help="run the cases whose name contains this")
    parser.add_argument("--all", action="store_true", help="print every case")
    options = parser.parse_args(arguments)
    names = {"seen": SEEN, "unseen": UNSEEN, "both": tuple(TABLES)}[options.half]
    start = time.perf_counter()
    results = []
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")
        for case in cases(names):
            if options.only in str(case):
                results += [{"engine": engine, **compare_raw(case, engine)} for engine in BY_ENGINE]
    table = Table("engine", "case", "max_iter", "largest", "tolerance", "of", "unlike", "")
    for result in results:
        if options.all or not result["ok"]:
            numbers = [f"{result['largest']:.1e}", f"{result['tolerance']:.0e}", result["where"]]
            last = [", ".join(result["unlike"]), "ok" if result["ok"] else "not ok"]
            table.add_row(result["engine"], str(result["case"]), str(result["n"]), *numbers, *last)
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    lengths = {n: sum(result["n"] == n for result in results) for n in (*LENGTHS, 0)}
    failed = sum(not result["ok"] for result in results)
    console.print(f"{len(results)} cases, {failed} not ok, {time.perf_counter() - start:.0f} s")
    console.print(f"By max_iter of the comparison (0: diverged, or chaotic from the first epoch): {lengths}")
    told = sorted({result["where"] for result in results if result["n"] == 0})
    for what in told:
        console.print(f"{what}: {sum(result['where'] == what for result in results)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
