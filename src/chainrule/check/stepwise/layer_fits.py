"""Fits: which error, which inputs and which sums a layer's own gradient is made of, whatever stands behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.stepwise.constants import FEW, BlockFactor, constant_of, is_usual, may_be_constants, multiples
from chainrule.check.stepwise.pieces import WrongPart, inputs_of
from chainrule.network.derivation import fed_symbol, width_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from chainrule.check.edits.program import Blocks, Point, Vector
    from chainrule.network.network import Network

    Rows: TypeAlias = "npt.NDArray[np.float64]"

Parts: TypeAlias = "tuple[WrongPart, ...]"
PENALTIES = {0.0: "penalty-missing", 0.5: "penalty-halved", 2.0: "penalty-doubled", -1.0: "penalty-sign"}
PENALISED_FEW = 4  # entries, of which two constants show something


@dataclass(frozen=True, eq=False)
class Error:
    """A layer's error as code may have it: its mistakes, and at every point dZ and what came before f′."""

    parts: Parts
    dZ: Sequence[Vector]
    dA: Sequence[Vector]


@dataclass(frozen=True, eq=False)
class Errors:
    """All errors that a layer may have: the mistakes of each, and at every point their dZ and dA, (errors, N, K)."""

    parts: Sequence[Parts]
    dZ: Sequence[Rows]
    dA: Sequence[Rows]
    _single: dict[int, Error] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.parts)

    def one(self, m: int) -> Error:
        """The error of a number."""
        if m not in self._single:
            self._single[m] = Error(self.parts[m], [stack[m] for stack in self.dZ], [stack[m] for stack in self.dA])
        return self._single[m]

    def each_once(self) -> Errors:
        """Without errors that are those of another before them or with fewer mistakes, are 0, or hold no numbers."""
        if not self.parts:
            return self
        rows = np.concatenate([stack.reshape(len(stack), -1) for stack in self.dZ], axis=1)
        with np.errstate(all="ignore"):
            rows /= np.abs(rows).max(axis=1, keepdims=True)
            marks = np.round(rows @ np.random.RandomState(0).normal(size=rows.shape[1]), 8).tolist()
        seen: dict[float, int] = {}
        for m in sorted(range(len(marks)), key=lambda m: len(self.parts[m])):
            if np.isfinite(marks[m]):
                seen.setdefault(marks[m], m)
        kept = list(seen.values())
        return Errors([self.parts[m] for m in kept], [one[kept] for one in self.dZ], [one[kept] for one in self.dA])


@dataclass(frozen=True)
class Fit:
    """A block explained by the error of this number, with more mistakes of its own, and off by a constant."""

    error: int
    parts: Parts
    constant: BlockFactor


class LayerFits:
    """Holds the blocks of one layer against everything that the errors it may have would make them."""

    def __init__(
        self,
        net: Network,
        points: Sequence[Point],
        values: Sequence[Mapping[str, Any]],
        given: Sequence[Blocks],
        number: int,
        errors: Errors,
        *,
        any_rate: bool = False,
    ) -> None:
        self.few = 0 if any_rate else FEW  # entries that are held to the usual constants: at any rate there are none
        self.net, self.points, self.values, self.given = net, points, values, given
        self.number, self.errors, self.stacks = number, errors, errors.dZ
        self.widths = [width_of(net, k) for k in range(len(net.layers) + 1)]
        self.before = [one[fed_symbol(net, number - 1)] for one in values]
        self.weights = [one[f"W{number}"] for one in values]

    def is_zero(self, name: str) -> bool:
        """Whether a block is 0 at every point."""
        return all(not blocks[name].any() for blocks in self.given)

    @cached_property
    def sums(self) -> list[Rows]:
        """Each error's sum over the samples at each point, (errors, K)."""
        return [stack.sum(axis=1) for stack in self.stacks]

    @cached_property
    def _side_by_side(self) -> list[Rows]:
        """All errors at each point, (N, errors × K)."""
        return [np.swapaxes(stack, 0, 1).reshape(stack.shape[1], -1) for stack in self.stacks]

    def _products(self, inputs: Sequence[Vector], k: int) -> Rows:
        """Inputsᵀ dZ with each error at a point, (errors, inputs, K)."""
        made = inputs[k].T @ self._side_by_side[k]
        return np.swapaxes(made.reshape(len(made), len(self.errors), -1), 0, 1)

    def of_weights(self) -> list[Fit]:
        """Every way in which dW is made, up to a constant."""
        found: list[Fit] = []
        name, symbol = f"W{self.number}", f"dW{self.number}"
        for together in zip(*(inputs_of(self.net, values, self.number) for values in self.values), strict=True):
            inputs = [one.value for one in together]
            parts = self._part(together[0].kind, symbol, together[0].reads)
            found += self._fitting(name, partial(self._products, inputs), parts)
        for kind, reads, made in self._other_products():
            found += self._fitting(name, made, self._part(kind, symbol, reads))
        return found

    def _part(self, kind: str, symbol: str, reads: str) -> Parts:
        return (WrongPart(kind, self.number, symbol, reads),) if kind else ()

    def _other_products(self) -> list[tuple[str, str, Callable[[int], Rows]]]:
        """What stands where the sum over the samples of inputs times errors belongs."""
        a, s, d, w = self.before, self.sums, self.stacks, self.weights
        return [
            ("averaged-too-early", "the mean of A times the mean of dZ", lambda k: _outer(a[k].mean(axis=0), s[k])),
            ("one-sample", "the last sample", lambda k: _outer(a[k][-1], d[k][:, -1])),
            ("one-sample", "the first sample", lambda k: _outer(a[k][0], d[k][:, 0])),
            ("one-sample", "one sample's inputs, all errors", lambda k: _outer(a[k][-1], s[k])),
            ("weights-for-input", "W Σ dZ", lambda k: w[k] * s[k][:, None, :]),
            ("wrong-error", "one unit's error for all", lambda k: self._products(a, k)[:, :, -1:] + 0.0 * w[k]),
            ("inner-for-outer", "one number", self._inner_products),
        ]

    def _inner_products(self, k: int) -> Rows:
        """One number for all entries of dW, (errors, inputs, K)."""
        alike: Rows = self._products(self.before, k).sum(axis=(1, 2))[:, None, None] * np.ones(self.weights[k].shape)
        return alike

    def of_bias(self) -> list[Fit]:
        """Every way in which db is made, up to a constant."""
        name, symbol = f"b{self.number}", f"db{self.number}"
        a, s, d = self.before, self.sums, self.stacks
        ones = np.ones((1, s[0].shape[1]))
        ways: list[tuple[str, str, Callable[[int], Rows]]] = [
            ("", "", lambda k: s[k]),
            ("bias-one-sample", "the last sample's dZ", lambda k: d[k][:, -1]),
            ("bias-one-sample", "the first sample's dZ", lambda k: d[k][:, 0]),
            ("bias-sum-axis", "the sum of all dZ", lambda k: s[k].sum(axis=1, keepdims=True) * ones),
            ("bias-times-input", "Σ dW", lambda k: self._products(a, k).sum(axis=1)),
            ("bias-times-input", "the first row of dW", lambda k: self._products(a, k)[:, 0]),
            ("bias-times-input", "the last row of dW", lambda k: self._products(a, k)[:, -1]),
            ("bias-one-sample", "one unit's dZ for all", lambda k: s[k][:, -1:] * ones),
            ("bias-from-dA", "Σ dA", lambda k: self.errors.dA[k].sum(axis=1)),
        ]
        found: list[Fit] = []
        for kind, reads, made in ways:
            found += self._fitting(name, made, self._part(kind, symbol, reads))
        return found

    def _fitting(self, name: str, made: Callable[[int], Rows], parts: Parts) -> list[Fit]:
        """The errors of which a block is a multiple at every point, by one constant, its penalty set apart."""
        penalised = bool(self.points[0].l2) and name.startswith("W")
        size = self.given[0][name].size
        if not size or (penalised and size < PENALISED_FEW):
            return []
        fits = np.ones(len(self.errors), dtype=bool)
        rows, factors = [], []
        for k in range(len(self.points)):
            rows.append(made(k))
            flat: Rows = rows[k].reshape(len(rows[k]), -1)
            given: Rows = self.given[k][name].ravel().astype(np.float64)
            if penalised:
                w = self.values[k][name].ravel() / np.linalg.norm(self.values[k][name])
                flat, given = flat - np.outer(flat @ w, w), given - (given @ w) * w
            one, constants = multiples(flat, given)
            fits &= one
            factors.append(constants)
            if not fits.any():
                return []
        counts = [point.N for point in self.points]
        fits &= may_be_constants(np.array(factors), counts, self.widths, few=size < self.few)
        found = [self._fit(name, int(m), rows, [one[m] for one in factors], parts) for m in np.flatnonzero(fits)]
        return [one for one in found if one is not None]

    def _fit(self, name: str, m: int, rows: Sequence[Rows], factors: Sequence[float], parts: Parts) -> Fit | None:
        constant = constant_of(factors, [point.N for point in self.points], self.widths)
        size = self.given[0][name].size
        if constant is None or (size < self.few and not is_usual(constant.value, self.widths)):
            return None
        if self.points[0].l2 and name.startswith("W"):
            of_penalty = self._penalty(name, [made[m] for made in rows], factors, constant)
            if of_penalty is None:
                return None
            parts = (*parts, *of_penalty)
        return Fit(m, parts, constant)

    def _penalty(
        self, name: str, made: Sequence[Vector], factors: Sequence[float], constant: BlockFactor
    ) -> Parts | None:
        """What is wrong with the penalty's part of a block; None where it is no multiple of W that people write."""
        shares = []
        for k, point in enumerate(self.points):
            W = self.values[k][name]
            rest = self.given[k][name] - factors[k] * made[k]
            shares.append(float((rest * W).sum() / (W * W).sum()) / (2.0 * point.l2))
        if max(map(abs, shares)) <= 1e-6:
            return (WrongPart("penalty-missing", self.number, f"g{name}"),)
        share = constant_of(shares, [point.N for point in self.points], ())
        if share is None:
            return None
        if share.is_one or share.same_as(constant):
            return ()
        if share.power == 0 and share.value in PENALTIES:
            return (WrongPart(PENALTIES[share.value], self.number, f"g{name}"),)
        kind = {1: "penalty-times-n", -1: "penalty-over-n"}.get(share.power)
        return (WrongPart(kind, self.number, f"g{name}"),) if kind else None


def _outer(a: Vector, d: Rows) -> Rows:
    """Inputs times each error, (errors, inputs, K)."""
    return a[None, :, None] * d[:, None, :]
