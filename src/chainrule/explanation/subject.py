"""The subject of an explanation: the network, how it is written, and the numbers if there are any."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue, check_number
from chainrule.explanation import numbers
from chainrule.explanation.notation import Notation
from chainrule.explanation.step_formulas import write
from chainrule.maths.arrays import quietly
from chainrule.network.derivation import derive, evaluate, given_values
from chainrule.network.inputs import as_inputs, as_shares, as_theta
from chainrule.writers.blocks import FormulaBlock

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from chainrule.explanation.step_formulas import StepFormula
    from chainrule.maths.arrays import Array
    from chainrule.network.derivation import Step, Value
    from chainrule.network.network import Network

PER_SAMPLE = ("losses", "share")  # vectors that have an entry a sample


@dataclass(frozen=True)
class Subject:
    """A network to explain; ``values`` holds the number of every symbol that is known, and may be empty."""

    net: Network
    columns: bool
    l2: float
    learning_rate: float | None
    values: Mapping[str, Value] = field(default_factory=dict)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The derivation."""
        return derive(self.net)

    @property
    def notation(self) -> Notation:
        """How it is written."""
        return Notation(self.columns, "Y" if self.net.fused is None else f"Z{len(self.net.layers)}")

    def lines(self) -> list[tuple[Step, StepFormula]]:
        """Every step with the line it is written as."""
        return [(step, write(step, self.notation)) for step in self.steps]

    def index(self, symbol: str) -> int:
        """Which step of the derivation has this symbol."""
        return next(i for i, step in enumerate(self.steps) if step.symbol == symbol)

    def formula(self, symbol: str, latex: str, note: str) -> FormulaBlock:
        """Write a formula, and after it the numbers of its symbol where they are known."""
        if symbol not in self.values:
            return FormulaBlock(latex, note)
        written, left_out = self.written(symbol)
        return FormulaBlock(f"{latex} = {written}", "; ".join(part for part in (note, left_out) if part))

    def written(self, symbol: str) -> tuple[str, str]:
        """Return the numbers of a symbol in LaTeX, and what of them was left out."""
        return self.numbers(self.values[symbol], per_sample=symbol in PER_SAMPLE)

    def numbers(self, value: Value, *, per_sample: bool = False) -> tuple[str, str]:
        """Return numbers in LaTeX, and what of them was left out."""
        if np.ndim(value) == 0:
            return numbers.number(float(value)), ""
        array = numbers.as_matrix(value, self.columns, per_sample=per_sample)
        return numbers.matrix(array), numbers.left_out(array)


def make_subject(
    net: Network,
    theta: npt.ArrayLike | None,
    X: npt.ArrayLike | None,
    T: npt.ArrayLike | None,
    l2: float,
    learning_rate: float | None,
    columns: bool,
) -> Subject:
    """Check the arguments of an explanation and compute its numbers."""
    if theta is None and (X is not None or T is not None):
        raise InvalidValue("Numbers need parameters: pass theta as well, net.initial_theta(random_state=0) for one.")
    if X is None and T is not None:
        raise InvalidValue("T without X: pass the samples that the targets belong to.")
    checked = None if theta is None else as_theta(theta, net.n_parameters)
    values: Mapping[str, Value] = {}
    if checked is not None and X is not None:
        values = _values(net, checked, as_inputs(X, net.n_features, checked.dtype), T)
    return Subject(
        net,
        columns,
        check_number("l2", l2, at_least=0),
        None if learning_rate is None else check_number("learning_rate", learning_rate, above=0),
        values,
    )


@quietly
def _values(net: Network, theta: Array, X: Array, T: npt.ArrayLike | None) -> dict[str, Value]:
    """The number of every symbol: of all steps with targets, of the forward pass without."""
    share = as_shares(None, len(X), theta.dtype)
    steps = derive(net)
    if T is not None:
        given = given_values(net, theta, X, net.targets(T, len(X), theta.dtype), share)
        return evaluate(steps, given)
    given = given_values(net, theta, X, np.empty((len(X), net.n_outputs)), share)
    forward = steps[: next(i for i, step in enumerate(steps) if step.symbol == "losses")]
    known = evaluate(forward, given)
    del known["T"]
    return known
