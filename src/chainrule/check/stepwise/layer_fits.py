"""Fits: which error, which inputs and which sums a layer's own gradient is made of, whatever stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.stepwise.constants import FEW, Constant, constant_of, is_usual, multiples
from chainrule.check.stepwise.pieces import Part, inputs_of
from chainrule.network.derivation import fed_symbol, width_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from chainrule.check.edits.program import Blocks, Point, Vector
    from chainrule.network.network import Network

    Rows: TypeAlias = "npt.NDArray[np.float64]"

Parts: TypeAlias = "tuple[Part, ...]"
PENALTIES = {0.0: "penalty-missing", 0.5: "penalty-halved", 2.0: "penalty-doubled", -1.0: "penalty-sign"}
PENALISED_FEW = 4  # entries, of which two constants show something


@dataclass(frozen=True, eq=False)
class Error:
    """A layer's error as code may have it: its mistakes, and at every point dZ and what came before f′."""

    parts: Parts
    dZ: Sequence[Vector]
    dA: Sequence[Vector]


@dataclass(frozen=True)
class Fit:
    """A block explained by the error of this number, with more mistakes of its own, and off by a constant."""

    error: int
    parts: Parts
    constant: Constant


class LayerFits:
    """Holds the blocks of one layer against everything that candidates for its error would make them."""

    def __init__(
        self,
        net: Network,
        points: Sequence[Point],
        values: Sequence[Mapping[str, Any]],
        given: Sequence[Blocks],
        number: int,
        candidates: Sequence[Error],
    ) -> None:
        self.net, self.points, self.values, self.given = net, points, values, given
        self.number, self.candidates = number, candidates
        self.widths = [width_of(net, k) for k in range(len(net.layers) + 1)]

    def is_zero(self, name: str) -> bool:
        """Whether a block is 0 at every point."""
        return all(not blocks[name].any() for blocks in self.given)

    @cached_property
    def stacks(self) -> list[Rows]:
        """All candidates' dZ at each point, (candidates, N, K)."""
        return [np.stack([one.dZ[k] for one in self.candidates]) for k in range(len(self.points))]

    def of_weights(self) -> list[Fit]:
        """Every way in which dW is made, up to a constant."""
        found: list[Fit] = []
        pieces = [inputs_of(self.net, values, self.number) for values in self.values]
        symbol = f"dW{self.number}"
        for together in zip(*pieces, strict=True):
            rows = [
                np.einsum("nh,mnk->mhk", piece.value, stack, optimize=True)
                for piece, stack in zip(together, self.stacks, strict=True)
            ]
            found += self._fitting(f"W{self.number}", rows, self._part(together[0].kind, symbol, together[0].reads))
        for kind, reads, rows in self._other_products():
            found += self._fitting(f"W{self.number}", rows, self._part(kind, symbol, reads))
        return found

    def _part(self, kind: str, symbol: str, reads: str) -> Parts:
        return (Part(kind, self.number, symbol, reads),) if kind else ()

    def _other_products(self) -> list[tuple[str, str, list[Rows]]]:
        """What stands where the sum over the samples of inputs times errors belongs."""
        before = [values[fed_symbol(self.net, self.number - 1)] for values in self.values]
        W = [values[f"W{self.number}"] for values in self.values]
        pairs = list(zip(before, self.stacks, strict=True))
        sums = [stack.sum(axis=1) for stack in self.stacks]
        found = [
            (
                "averaged-too-early",
                "the mean of A times the mean of dZ",
                [_outer(a.mean(axis=0), s.sum(axis=1)) for a, s in pairs],
            ),
            ("one-sample", "the last sample", [_outer(a[-1], s[:, -1]) for a, s in pairs]),
            ("one-sample", "the first sample", [_outer(a[0], s[:, 0]) for a, s in pairs]),
            (
                "one-sample",
                "one sample's inputs, all errors",
                [_outer(a[-1], s) for a, s in zip(before, sums, strict=True)],
            ),
            ("weights-for-input", "W Σ dZ", [w * s[:, None, :] for w, s in zip(W, sums, strict=True)]),
            ("wrong-error", "one unit's error for all", [_of_one_unit(a, s) for a, s in pairs]),
        ]
        whole = [np.einsum("nh,mnk->m", a, s, optimize=True) for a, s in pairs]
        alike = [one[:, None, None] * np.ones(w.shape) for one, w in zip(whole, W, strict=True)]
        return [*found, ("inner-for-outer", "one number", alike)]

    def of_bias(self) -> list[Fit]:
        """Every way in which db is made, up to a constant."""
        name, symbol = f"b{self.number}", f"db{self.number}"
        sums = [stack.sum(axis=1) for stack in self.stacks]
        ones = np.ones((1, sums[0].shape[1]))
        before = [values[fed_symbol(self.net, self.number - 1)] for values in self.values]
        products = [np.einsum("nh,mnk->mhk", a, s, optimize=True) for a, s in zip(before, self.stacks, strict=True)]
        ways = [
            ("", "", sums),
            ("bias-one-sample", "the last sample's dZ", [stack[:, -1] for stack in self.stacks]),
            ("bias-one-sample", "the first sample's dZ", [stack[:, 0] for stack in self.stacks]),
            ("bias-sum-axis", "the sum of all dZ", [s.sum(axis=1, keepdims=True) * ones for s in sums]),
            ("bias-times-input", "Σ dW", [one.sum(axis=1) for one in products]),
            ("bias-times-input", "the first row of dW", [one[:, 0] for one in products]),
            ("bias-times-input", "the last row of dW", [one[:, -1] for one in products]),
            ("bias-one-sample", "one unit's dZ for all", [s[:, -1:] * ones for s in sums]),
        ]
        found: list[Fit] = []
        for kind, reads, rows in ways:
            found += self._fitting(name, rows, self._part(kind, symbol, reads))
        return found

    def _fitting(self, name: str, rows: Sequence[Rows], parts: Parts) -> list[Fit]:
        """The candidates of which a block is a multiple at every point, by one constant, its penalty set apart."""
        penalised = bool(self.points[0].l2) and name.startswith("W")
        size = self.given[0][name].size
        if not size or (penalised and size < PENALISED_FEW):
            return []
        fits = np.ones(len(self.candidates), dtype=bool)
        factors = []
        for k, made in enumerate(rows):
            flat, given = made.reshape(len(made), -1), self.given[k][name].ravel()
            if penalised:
                w = self.values[k][name].ravel() / np.linalg.norm(self.values[k][name])
                flat, given = flat - np.outer(flat @ w, w), given - (given @ w) * w
            one, constants = multiples(flat, given)
            fits &= one
            factors.append(constants)
            if not fits.any():
                return []
        found = [self._fit(name, int(m), rows, [one[m] for one in factors], parts) for m in np.flatnonzero(fits)]
        return [one for one in found if one is not None]

    def _fit(self, name: str, m: int, rows: Sequence[Rows], factors: Sequence[float], parts: Parts) -> Fit | None:
        constant = constant_of(factors, [point.N for point in self.points], self.widths)
        size = self.given[0][name].size
        if constant is None or (size < FEW and not is_usual(constant.value, self.widths)):
            return None
        if self.points[0].l2 and name.startswith("W"):
            of_penalty = self._penalty(name, [made[m] for made in rows], factors, constant)
            if of_penalty is None:
                return None
            parts = (*parts, *of_penalty)
        return Fit(m, parts, constant)

    def _penalty(self, name: str, made: Sequence[Vector], factors: Sequence[float], constant: Constant) -> Parts | None:
        """What is wrong with the penalty's part of a block; None where it is no multiple of W that people write."""
        shares = []
        for k, point in enumerate(self.points):
            W = self.values[k][name]
            rest = self.given[k][name] - factors[k] * made[k]
            shares.append(float((rest * W).sum() / (W * W).sum()) / (2.0 * point.l2))
        if max(map(abs, shares)) <= 1e-6:
            return (Part("penalty-missing", self.number, f"g{name}"),)
        share = constant_of(shares, [point.N for point in self.points], ())
        if share is None:
            return None
        if share.is_one or share.same_as(constant):
            return ()
        if share.power == 0 and share.value in PENALTIES:
            return (Part(PENALTIES[share.value], self.number, f"g{name}"),)
        kind = {1: "penalty-times-n", -1: "penalty-over-n"}.get(share.power)
        return (Part(kind, self.number, f"g{name}"),) if kind else None


def _outer(a: Vector, d: Rows) -> Rows:
    """Inputs times each candidate's error, (candidates, inputs, units)."""
    return a[None, :, None] * d[:, None, :]


def _of_one_unit(a: Vector, stack: Rows) -> Rows:
    """Every column of dW made of the last unit's error."""
    alike = stack[:, :, -1:] * np.ones((1, 1, stack.shape[2]))
    return np.einsum("nh,mnk->mhk", a, alike, optimize=True)
