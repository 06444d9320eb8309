"""What is true of every case: its gradient against central differences of its own loss, block by block.

``python -m corpus.wild.truth`` measures all cases, prints a table and fails where the metadata state something else;
with ``--write`` the measured ratios are written into the metadata.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.wild.case import HALVES, HERE, Case, cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

N_SAMPLES, L2, STEP, TOLERANCE = 7, 0.03, 1e-5, 1e-5


@dataclass(frozen=True)
class Measured:
    """The ratio of each block to its differences, in words; ``of_network`` is that to the network's own gradient."""

    ratios: tuple[str, ...]
    of_network: str

    @property
    def truth(self) -> str:
        """Right, right up to a factor, wrong or random, as the ratios say."""
        if "random" in self.ratios:
            return "random"
        if len(set(self.ratios)) > 1 or self.ratios[0] in ("no multiple", "shape") or "rais" in self.ratios[0]:
            return "wrong"
        return "right" if self.ratios[0] == "1" else "right up to a factor"


def samples(case: Case, random: np.random.Generator) -> tuple[Array, Array]:
    """Return inputs, and targets of the kind that the loss is for; all classes occur."""
    n_outputs = case.network.layers[-1].n_outputs
    X = random.standard_normal((N_SAMPLES, case.meta["n_features"]))
    loss = case.meta["loss"]
    if loss == "cross_entropy" or (n_outputs > 2 and (loss == "log_loss" or case.meta.get("labels"))):
        return X, np.eye(n_outputs)[random.permutation(np.arange(N_SAMPLES) % n_outputs)]
    T = random.uniform(0.1, 0.9, (N_SAMPLES, n_outputs))
    if loss in ("log_loss", "hinge"):
        T = np.round(T) if loss == "log_loss" else np.sign(T - 0.5)
    return X, T


def measure(case: Case) -> Measured:
    """Compare the case's gradient with central differences of its loss, and with the network's gradient."""
    loss = case.function("loss")
    for seed in range(case.meta["number"], 20 * 1000, 1000):
        random = np.random.default_rng(seed)
        X, T = samples(case, random)
        theta = random.uniform(-1, 1, case.network.n_parameters)
        parameters = [part for W, b in case.network.views(theta) for part in ((W,) if b is None else (W, b))]
        rest = (X, T, L2) if case.penalised else (X, T)
        numeric = differences(lambda: float(loss(*parameters, *rest)), parameters)  # noqa: B023 -- called at once
        if all(n.any() for n in numeric):  # no dead rectifiers: they would hide what is wrong
            break
    gradient = case.function("gradient")
    try:
        found, again = ([np.asarray(g, float) for g in gradient(*parameters, *rest)] for _ in range(2))
    except Exception as error:  # that it raises is what is measured
        return Measured((f"raises {type(error).__name__}",) * len(parameters), "differs")
    if any(g.shape == a.shape and not np.array_equal(g, a) for g, a in zip(found, again, strict=True)):
        return Measured(("random",) * len(parameters), "differs")
    n_outputs = T.shape[1]
    ratios = tuple(ratio(g, n, n_outputs) for g, n in zip(found, numeric, strict=True))
    if any(r == "shape" for r in ratios):
        return Measured(ratios, "differs")
    network = case.network.objective(X, T, l2=L2 if case.penalised else 0.0)(theta)[1]
    whole = ratio(np.concatenate([g.ravel() for g in found]), network, n_outputs)
    return Measured(ratios, "differs" if whole == "no multiple" else whole)


def differences(loss: Callable[[], float], parameters: list[Array]) -> list[Array]:
    """Return the central differences of the loss by every entry of every parameter."""
    found = [np.zeros(p.shape) for p in parameters]
    for p, into in zip(parameters, found, strict=True):
        for index in np.ndindex(p.shape):
            kept = p[index]
            p[index] = kept + STEP
            above = loss()
            p[index] = kept - STEP
            into[index] = (above - loss()) / (2 * STEP)
            p[index] = kept
    return found


def ratio(given: Array, right: Array, n_outputs: int) -> str:
    """Return given / right in words: a number of the grid, "× 5", "0", "no multiple" or "shape"."""
    if given.shape != right.shape:
        return "shape"
    if not given.any():
        return "0" if right.any() else "1"
    factor = float((given * right).sum() / (right * right).sum()) if right.any() else 0.0
    if np.abs(given - factor * right).max() > TOLERANCE * np.abs(given).max():
        return "no multiple"
    return worded(factor, n_outputs)


def worded(factor: float, n_outputs: int) -> str:
    """Return a factor as ±{1, 2, 1/2} × {1, N, 1/N} × {1, K, 1/K}, or as a number."""
    powers = list(product((0, 1, -1), (0, 1, -1), (0, 1, -1) if n_outputs > 2 else (0,)))
    for two, n, k in sorted(powers, key=lambda p: sum(map(abs, p))):
        value = Fraction(2) ** two * Fraction(N_SAMPLES) ** n * Fraction(n_outputs) ** k
        if abs(abs(factor) / float(value) - 1) < TOLERANCE:
            above = "".join(s for s, p in (("2", two), ("N", n), ("K", k)) if p > 0) or "1"
            below = "".join(s for s, p in (("2", two), ("N", n), ("K", k)) if p < 0)
            return ("-" if factor < 0 else "") + above + (f"/{below}" if below else "")
    return f"× {factor:.4g}"


def disagreement(case: Case, measured: Measured) -> str:
    """Return what of the metadata is not what is measured, or nothing."""
    stated: dict[str, Any] = case.meta
    opposite = stated["truth"] == "wrong" and measured.truth == "right up to a factor" and measured.ratios[0][0] == "-"
    if stated["truth"] != measured.truth and not opposite:
        return f"stated {stated['truth']!r}, measured {measured.truth!r}"
    uniform = measured.truth == "right up to a factor"
    if uniform and stated.get("factor") != measured.ratios[0]:
        return f"stated factor {stated.get('factor')}, measured {measured.ratios[0]}"
    if stated.get("ratios") != list(measured.ratios) or stated.get("of_network") != measured.of_network:
        return "the ratios in the metadata are others"
    return ""


def write(case: Case, measured: Measured) -> None:
    """Put the measured ratios into the case's table."""
    path = HERE / case.half / "cases.toml"
    text = path.read_text(encoding="utf-8")
    head, table = re.split(rf"(?<=^\[{case.name}\]\n)", text, maxsplit=1, flags=re.MULTILINE)
    ratios = ", ".join(f'"{r}"' for r in measured.ratios)
    lines = f'ratios = [{ratios}]\nof_network = "{measured.of_network}"\n'
    own, sep, rest = table.partition("\n\n[")
    own = re.sub(r"^(ratios|of_network) = .*\n?", "", own, flags=re.MULTILINE).rstrip("\n")
    path.write_text(f"{head}{own}\n{lines.rstrip()}{sep or chr(10)}{rest}", encoding="utf-8")


def main() -> int:
    """Measure all; return 1 when a stated truth is not what is measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="write the measured ratios into the metadata")
    options.add_argument("--only", choices=HALVES, help="one half alone")
    asked = options.parse_args()
    bad = 0
    for half in HALVES:
        if asked.only not in (None, half):
            continue
        for case in cases(half):
            measured = measure(case)
            if asked.write:
                write(case, measured)
                case.meta.update(ratios=list(measured.ratios), of_network=measured.of_network)
            wrong = disagreement(case, measured)
            bad += bool(wrong)
            row = (f"{case.meta['number']:3}", f"{case.name:24}", f"{measured.truth:21}", f"{measured.of_network:8}")
            sys.stdout.write("  ".join((*row, ", ".join(measured.ratios), wrong)).rstrip() + "\n")
    sys.stdout.write(f"{bad} stated truths are not what is measured.\n")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
