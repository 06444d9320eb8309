"""Worked entries: the first entry of a product with all its terms, where they are few enough for pencil and paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.explanation.notation import NAMED, entry, slope
from chainrule.explanation.numbers import number
from chainrule.writers.blocks import FormulaBlock

if TYPE_CHECKING:
    from chainrule.explanation.subject import Subject
    from chainrule.maths.arrays import Array
    from chainrule.network.derivation import Step

TERMS = 4  # more of them are not written out


def worked(subject: Subject, step: Step) -> FormulaBlock | None:
    """Write the first unit's entry of a step for the first sample, all terms; None where they are too many."""
    known = step.operation.name in ("affine", "linear", "weight_gradient", "passed_back")
    if not known or step.symbol not in subject.values:
        return None
    first, second = (np.asarray(subject.values[name]) for name in step.operands[:2])
    pairs, left = _terms(step, first, second)
    if len(pairs) > TERMS:
        return None
    total = " + ".join(rf"{_factor(a)} \cdot {_factor(b)}" for a, b in pairs)
    if step.operation.name == "affine":
        total += f" + {_factor(float(np.asarray(subject.values[step.operands[2]])[0]))}"
    result = number(float(np.asarray(subject.values[step.symbol])[0, 0]))
    return FormulaBlock(f"{left} = {total} = {result}", _note(step))


def _terms(step: Step, first: Array, second: Array) -> tuple[list[tuple[float, float]], str]:
    """The factors of each term, in the order of the formula, and the entry that they add up to."""
    name = step.operation.name
    if name == "weight_gradient":  # sums over the samples
        named = NAMED.fullmatch(step.symbol)
        layer = named[2] if named else ""
        return _pairs(first[:, 0], second[:, 0]), rf"\frac{{\partial L}}{{\partial w^{{({layer})}}_{{11}}}}"
    if name == "passed_back":
        left = slope(step.symbol[1:], "1").replace(r"\ell", "L")
        return _pairs(second[0], first[0]), left
    return _pairs(second[:, 0], first[0]), entry(step.symbol, "1")


def _pairs(a: Array, b: Array) -> list[tuple[float, float]]:
    return list(zip(a.tolist(), b.tolist(), strict=True))


def _factor(value: float) -> str:
    """Write a number, in brackets if a sign would follow a sign."""
    written = number(value)
    return rf"({written})" if written.startswith("-") else written


def _note(step: Step) -> str:
    if step.operation.name == "weight_gradient":
        return "the first entry, a term a sample"
    return "the first entry, of the first sample"
