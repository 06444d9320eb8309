"""Given: what each role of a parameter is given at a point: samples, parameters, values, in a layout."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chainrule.check.edits.program import Point, Vector
    from chainrule.check.layouts import Layout
    from chainrule.network.backprop import Trace
    from chainrule.network.network import Network


class NamedBlocks(dict[str, Any]):
    """Blocks by name, which are found under other spellings too: w1, weights_1, bias1.

    >>> NamedBlocks(W1=1, b1=2)["w1"], NamedBlocks(W1=1, b1=2)["bias_1"]
    (1, 2)
    """

    def __missing__(self, name: str) -> Any:
        """Return the block that another spelling means."""
        match = re.fullmatch(r"(?i)(?:(w|weights?|theta)|(b|bias(?:es)?))_?(\d+)", str(name))
        if match is None or (known := f"{'W' if match[1] else 'b'}{match[3]}") == name or known not in self:
            raise KeyError(name)
        return self[known]


@dataclass(frozen=True, eq=False)
class CallInputs:
    """What code may be given at a point, in a layout: copies, which may be changed.

    ``forward``: what the code's own forward pass gave, by name, which is preferred to ours. ``of_scores``: whether the
    error handed to a backward pass is that of the scores before the softmax. ``times``: how many steps are taken.
    """

    net: Network
    point: Point
    layout: Layout
    rate: float
    forward: Mapping[str, Any] = field(default_factory=dict)
    of_scores: bool = False
    times: int = 1

    @property
    def X(self) -> Any:
        """The inputs."""
        X, ones = np.asarray(self.point.X, dtype=np.float64), np.ones((self.point.N, 1))
        if not self.layout.ones:
            return self._samples(X)
        return self._samples(np.hstack([ones, X] if self.layout.order.endswith("bias first") else [X, ones]))

    @property
    def T(self) -> Any:
        """The targets: of several classes as labels where the layout has them, of one output as whole numbers."""
        T, targets = self.point.T, self.layout.targets
        if targets in ("labels", "labels from 1"):
            labels = (T.argmax(axis=1) if T.shape[1] > 1 else (T.ravel() > 0.5).astype(int)) + (
                targets == "labels from 1"
            )
            return labels if self.layout.samples in ("all", "row") else int(labels[0])
        return self._as_targets(T)

    def _as_targets(self, array: Vector) -> Any:
        """One number for each sample, without a second axis, where the layout has flat targets of one output."""
        if self.layout.targets == "flat" and array.shape[1] == 1:
            return array.ravel().copy() if self.layout.samples in ("all", "row") else float(array[0, 0])
        return self._samples(array)

    @property
    def stacked_samples(self) -> Any:
        """Inputs and targets side by side, or as a list of pairs, for code that takes both in one argument."""
        if self.layout.pairs:
            return list(zip(self.X, self.T, strict=True))
        if self.layout.targets.startswith("labels"):
            return [[*row, int(label)] for row, label in zip(self.point.X.tolist(), np.ravel(self.T), strict=True)]
        return np.hstack([self.point.X, self.point.T])

    @property
    def row(self) -> Any:
        """A sample as a row of a data set: its inputs, and then its class."""
        return [*self.point.X[0].tolist(), int(self.point.T[0].argmax())]

    def _samples(self, array: Vector) -> Any:
        if self.layout.samples in ("flat", "list"):
            return array[0].tolist() if self.layout.samples == "list" else array[0].copy()
        if self.layout.stacked:
            return (array[:, :, None] if self.layout.columns else array[:, None, :]).copy()
        return array.T.copy() if self.layout.columns else array.copy()

    @cached_property
    def trace(self) -> Trace:
        """The forward pass."""
        return self.net.forward(self.point.theta, self.point.X)

    @property
    def n_outputs(self) -> int:
        """How many numbers the outputs of all samples are."""
        return self.point.N * self.net.n_outputs

    @property
    def Y(self) -> Any:
        """The outputs."""
        return self._samples(self.trace.Y)

    @property
    def error(self) -> Any:
        """∂loss/∂Y of the mean, or of the sum, or ∂loss/∂Z where the code's outputs are scores."""
        Y, T = self.trace.Y, self.point.T
        error = Y - T if self.of_scores or self.layout.error_at_Z else self.net.loss.gradient(Y, T)
        return self._as_targets(error if self.layout.summed_error else error / self.point.N)

    @property
    def blocks(self) -> dict[str, Vector]:
        """The parameters by block."""
        found = {}
        for number, (W, b) in enumerate(self.net.views(self.point.theta), start=1):
            found[f"W{number}"] = W.T.copy() if self.layout.turned else W.copy()
            if b is not None:
                found[f"b{number}"] = b[:, None].copy() if self.layout.tall else b.copy()
        if self.layout.vectors and self.net.n_outputs == 1:
            last = len(self.net.layers)
            found[f"W{last}"] = found[f"W{last}"].ravel()
            if f"b{last}" in found:
                found[f"b{last}"] = float(found[f"b{last}"][0])  # type: ignore[assignment]
        return found

    def by_layer(self, letter: str) -> Any:
        """The weights, or the biases, of every layer in a list; where dicts are given a dict, of one layer it alone."""
        found = [self.blocks.get(f"{letter}{k}") for k in range(1, len(self.net.layers) + 1)]
        if self.layout.parameters == "dict":
            return found[0] if len(found) == 1 else NamedBlocks(self.blocks)
        return found

    @property
    def stacks(self) -> list[Vector]:
        """A matrix for each layer that holds its weights and its biases, in the layout's order."""
        found = []
        for W, b in self.net.views(self.point.theta):
            rows = [] if b is None else [b[None, :]]
            first = self.layout.order.endswith("bias first")
            matrix = np.vstack([*rows, W] if first else [W, *rows])
            found.append(matrix.T.copy() if self.layout.order.startswith("units") else matrix)
        return found

    @property
    def flat(self) -> Vector:
        """All parameters in one array, in the layout's order; of one unit also as a row or a column."""
        shapes = {"flat": (-1,), "row": (1, -1), "column": (-1, 1)}
        return self._in_order.reshape(shapes[self.layout.theta])

    @property
    def _in_order(self) -> Vector:
        """All parameters in one array, in the layout's order."""
        if self.layout.order == "ours":
            return self.point.theta.copy()
        if self.layout.order == "weights first":
            views = self.net.views(self.point.theta)
            biases = [b for _, b in views if b is not None]
            return np.concatenate([one.ravel() for one in (*(W for W, _ in views), *biases)])
        return np.concatenate([stack.ravel() for stack in self.stacks])

    @property
    def parameters(self) -> Any:
        """What a parameter called params is given, as the layout says."""
        if self.layout.parameters == "neurons":
            first = self.layout.order.endswith("first")
            pairs = [(W.T, b) for W, b in self.net.views(self.point.theta)]
            bias = [[[]] * len(W) if b is None else b[:, None].tolist() for W, b in pairs]
            return [
                [[*b, *w.tolist()] if first else [*w.tolist(), *b] for w, b in zip(W, bs, strict=True)]
                for (W, _), bs in zip(pairs, bias, strict=True)
            ]
        if self.layout.parameters == "dict of stacks":
            return {f"W{k}": stack for k, stack in enumerate(self.stacks, start=1)}
        if self.layout.parameters == "pairs":
            return list(zip(self.by_layer("W"), self.by_layer("b"), strict=True))
        if self.layout.parameters == "list":
            return list(self.blocks.values())
        return self.flat if self.layout.parameters == "flat" else NamedBlocks(self.blocks)

    @property
    def values(self) -> dict[str, Any]:
        """A dict of a forward pass as people keep it: X, A0, Z1, A1, …, W1, b1, …."""
        found = {"X": self.X, "A0": self.X, "T": self.T, "Y": self.Y}
        for number, (Z, A) in enumerate(zip(self.trace.Z, self.trace.A[1:], strict=True), start=1):
            found |= {f"Z{number}": self._samples(Z), f"A{number}": self._samples(A)}
        return found | self.blocks

    @property
    def caches(self) -> list[Any]:
        """A list of ((A_before, W, b), Z), a pair for each layer."""
        blocks, found = self.blocks, []
        for number in range(1, len(self.net.layers) + 1):
            before = self._samples(self.trace.A[number - 1])
            linear = (before, blocks[f"W{number}"], blocks.get(f"b{number}"))
            found.append((linear, self._samples(self.trace.Z[number - 1])))
        return found

    @property
    def widths(self) -> list[int]:
        """How wide the inputs and the layers are."""
        return [self.net.n_features, *(layer.n_outputs for layer in self.net.layers)]


Give: TypeAlias = "Callable[[CallInputs], Any]"

GIVES: dict[str, Give] = {
    "X": lambda given: given.X,
    "T": lambda given: given.T,
    "X and T": lambda given: given.stacked_samples,
    "row": lambda given: given.row,
    "Y": lambda given: given.forward.get("outputs", given.Y),
    "l2": lambda given: given.point.l2,
    "rate": lambda given: given.rate,
    "momentum": lambda _: 0.0,
    "kept": lambda _: 1.0,
    "dropped": lambda _: 0.0,
    "weights": lambda given: given.by_layer("W"),
    "biases": lambda given: given.by_layer("b"),
    "theta": lambda given: given.flat,
    "parameters": lambda given: given.parameters,
    "cache": lambda given: given.forward.get("cache", given.values),
    "caches": lambda given: given.forward.get("cache", given.caches),
    "memory of W": lambda given: [np.zeros_like(one) for one in given.by_layer("W")],
    "memory of b": lambda given: [np.zeros_like(one) for one in given.by_layer("b")],
    "once": lambda given: given.times,
    "count": lambda given: given.point.N,
    "quiet": lambda _: False,
    "wanted": lambda _: True,
    "widths": lambda given: given.widths,
    "first width": lambda given: given.widths[0],
    "hidden width": lambda given: given.widths[1] if len(given.widths) > 2 else given.widths[0],
    "last width": lambda given: given.widths[-1],
    "error": lambda given: given.error,
}
OF_PARAMETERS = ("theta", "weights", "biases", "parameters", "block", "stack")
