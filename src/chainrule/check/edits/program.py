"""The program of a gradient: the derivation's steps and the penalty's, and edits of them at a place.

A mistake is a named edit; two mistakes are two edits, one after the other. The program with the edit is run, and what
comes out is compared with what a student's code gives.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.network.derivation import Operation, Step, derive, evaluate, given_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from chainrule.network.network import Network

Vector: TypeAlias = "npt.NDArray[np.floating[Any]]"
Blocks: TypeAlias = "dict[str, Vector]"  # dW1, db1, dW2, …: a gradient, block by block
Change: TypeAlias = "Callable[[Step], Step]"

PENALIZED = Operation("penalized", lambda dW, W, l2: dW + 2.0 * l2 * W, formula="{0} + 2 λ {1}")


@dataclass(frozen=True, eq=False)
class Point:
    """Where a gradient is looked at: parameters, samples and the strength of the penalty, in float64.

    ``rate`` is that of code which updates itself, 0 of other code.
    """

    theta: Vector
    X: Vector
    T: Vector
    l2: float
    rate: float = 0.0

    @property
    def N(self) -> int:
        """How many samples there are."""
        return len(self.X)


@dataclass(frozen=True, eq=False)
class Edit:
    """A mistake: what it is called, in which layer, the step it breaks, and how it changes the steps of the program.

    ``changes`` replaces steps by symbol; what a step becomes may need values that no step computes, which ``given``
    makes of the point. ``reads`` is what the code has in that step, where that was read off it.
    """

    kind: str
    layer: int | None
    symbol: str
    changes: Mapping[str, Change] = field(repr=False)
    given: Callable[[Point], dict[str, Any]] | None = field(default=None, repr=False)
    reads: str = ""


def steps_of(net: Network, *, penalized: bool) -> tuple[Step, ...]:
    """Return the derivation with the penalty's part of each gradient: gW1 = dW1 + 2 l2 W1, gb1 = db1."""
    steps = list(derive(net))
    for number, layer in enumerate(net.layers, start=1):
        W = f"W{number}"
        shape = (net.layers[number - 2].n_outputs if number > 1 else net.n_features, layer.n_outputs)
        if penalized:
            steps.append(Step(f"gW{number}", PENALIZED, (f"dW{number}", W, "l2"), shape))
        else:
            steps.append(Step(f"gW{number}", KEPT, (f"dW{number}",), shape))
        if layer.bias:
            steps.append(Step(f"gb{number}", KEPT, (f"db{number}",), (layer.n_outputs,)))
    return tuple(steps)


KEPT = Operation("kept", lambda gradient: gradient)


@dataclass(frozen=True, eq=False)
class ProgramOutput:
    """What a run of the program says: outputs, data loss, and the gradient by block; None where it broke down."""

    Y: Vector
    loss: float
    blocks: Blocks


@dataclass(frozen=True, eq=False)
class Effect:
    """What one edit does to a program: its steps as they are then, what it gives, and which steps come out anew."""

    steps: Mapping[str, Step]
    given: Mapping[str, Any]
    anew: frozenset[str]


class Program:
    """The right program of a network at a point, which can be run with edits."""

    def __init__(self, net: Network, point: Point) -> None:
        self.net = net
        self.point = point
        self.steps = steps_of(net, penalized=True)
        self._first: dict[Edit, int] = {}
        self._effects: dict[Edit, Effect] = {}
        share = np.full(point.N, 1.0 / point.N)
        self.values: dict[str, Any] = {
            **given_values(net, point.theta, point.X, point.T, share),
            "l2": point.l2,
            "N": float(point.N),
            "rate": point.rate,
        }

    @cached_property
    def right(self) -> dict[str, Any]:
        """Every value of the right program."""
        return evaluate(self.steps, self.values)

    def first(self, edit: Edit) -> int:
        """The number of the first step that an edit changes."""
        if edit not in self._first:
            places = [self.places[symbol] for symbol in edit.changes if symbol in self.places]
            self._first[edit] = 0 if edit.given is not None else min(places, default=len(self.steps))
        return self._first[edit]

    @cached_property
    def places(self) -> dict[str, int]:
        """Each step's number by its symbol."""
        return {step.symbol: number for number, step in enumerate(self.steps)}

    def effect(self, edit: Edit) -> Effect:
        """What an edit does by itself, found out once."""
        if edit not in self._effects:
            steps = {one.symbol: edit.changes[one.symbol](one) for one in self.steps if one.symbol in edit.changes}
            given = {} if edit.given is None else edit.given(self.point)
            others, anew = set(given), set(steps)
            for step in self.steps:
                if step.symbol in steps or not others.isdisjoint(step.operands):
                    anew.add(step.symbol)
                    others.add(step.symbol)
            self._effects[edit] = Effect(steps, given, frozenset(anew))
        return self._effects[edit]

    def block(self, name: str, edits: Sequence[Edit]) -> Vector | None:
        """One block's gradient as a run with these edits gives it, None where it gives none; little else is computed.

        Where a run breaks down elsewhere, this does not.
        """
        try:
            effects = [self.effect(one) for one in edits]
            anew = frozenset().union(*(one.anew for one in effects))
            known = {name: value for one in effects for name, value in one.given.items() if name not in anew}
            return np.asarray(self._value(f"g{name}", anew, list(zip(edits, effects, strict=True)), known))
        except (ValueError, IndexError, KeyError, TypeError, RecursionError):
            return None

    def _value(
        self, symbol: str, anew: frozenset[str], edits: Sequence[tuple[Edit, Effect]], known: dict[str, Any]
    ) -> Any:
        """A value under edits, of which ``anew`` come out anew; ``known`` are those that were computed before."""
        if symbol in known:
            return known[symbol]
        if symbol not in anew:
            return self.right[symbol]
        step: Step | None = None
        for one, effect in edits:
            if symbol in effect.steps:
                step = effect.steps[symbol] if step is None else one.changes[symbol](step)
        step = step or self.steps[self.places[symbol]]
        value = step.operation.function(*[self._value(name, anew, edits, known) for name in step.operands])
        known[symbol] = value
        return value

    def run(self, *edits: Edit) -> ProgramOutput | None:
        """Run it with edits; None where shapes do not fit or nothing comes out: no student's code could be that.

        Only what an edit changes, and what is made of that, is computed anew.
        """
        known = self.known(*edits)
        if known is None:
            return None
        shapes = self.net.shapes
        blocks: Blocks = {name: np.asarray(known[f"g{name}"], dtype=np.float64) for name in shapes}
        if any(block.shape != shapes[name] for name, block in blocks.items()):
            return None
        return ProgramOutput(np.asarray(known["Y"]), float(np.sum(known["loss"])), blocks)

    def known(self, *edits: Edit) -> dict[str, Any] | None:
        """Every value of a run with edits by its symbol; None where shapes do not fit."""
        try:
            with np.errstate(all="ignore"):
                return self._run(edits)
        except (ValueError, IndexError, KeyError, TypeError):
            return None

    def _run(self, edits: tuple[Edit, ...]) -> dict[str, Any]:
        known = dict(self.right)
        others: set[str] = set()
        for one in edits:
            if one.given is not None:
                more = self.effect(one).given
                known.update(more)
                others.update(more)
        start = min(map(self.first, edits), default=len(self.steps))  # what comes before is as it was
        for number in range(start, len(self.steps)):
            step = self.steps[number]
            symbol, changed = step.symbol, False
            for one in edits:
                if symbol in one.changes:
                    step = one.changes[symbol](step) if changed else self.effect(one).steps[symbol]
                    changed = True
            if changed and any(self.places.get(operand, -1) >= number for operand in step.operands):
                raise KeyError("A step cannot take what is computed after it.")
            if changed or not others.isdisjoint(step.operands):
                known[symbol] = step.operation.function(*[known[operand] for operand in step.operands])
                others.add(symbol)
        return known


# --- ways to change a step --------------------------------------------------------------------------------------------


def scaled(factor: float | str) -> Change:
    """Multiply what a step gives: by a number, or by a value of that name."""

    def change(step: Step) -> Step:
        function = step.operation.function
        if isinstance(factor, str):
            operation = Operation(
                step.operation.name, lambda scale, *rest: scale * function(*rest), step.operation.part
            )
            return replace(step, operation=operation, operands=(factor, *step.operands))
        operation = Operation(step.operation.name, lambda *rest: factor * function(*rest), step.operation.part)
        return replace(step, operation=operation)

    return change


def then(function: Callable[..., Any], *more: str) -> Change:
    """Apply a function to what a step gives, with further values by name."""

    def change(step: Step) -> Step:
        inner, n = step.operation.function, len(step.operands)
        operation = Operation(
            step.operation.name, lambda *given: function(inner(*given[:n]), *given[n:]), step.operation.part
        )
        return replace(step, operation=operation, operands=(*step.operands, *more))

    return change


def of(*operands: str) -> Change:
    """Let a step take other operands."""
    return lambda step: replace(step, operands=operands)


def instead(function: Callable[..., Any], *operands: str) -> Change:
    """Let a step do something else altogether."""
    return lambda step: replace(step, operation=Operation(step.operation.name, function), operands=operands)


def edit(kind: str, layer: int | None, changes: dict[str, Change], symbol: str | None = None) -> Edit:
    """Make an edit; the step it breaks is the first that it changes."""
    return Edit(kind, layer, symbol or next(iter(changes)), changes)


def top(net: Network) -> str:
    """The step where the shares of the average enter: dZ of the last layer if it is fused, else dY."""
    return f"dZ{len(net.layers)}" if net.fused is not None else "dY"
