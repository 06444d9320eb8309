"""A small calculator for formulas in LaTeX: what chainrule writes is read back and computed, and must be right.

It knows nothing of chainrule. Values are looked up by name: X, W1 for W^{(1)}, dZ2 for ∂L/∂Z^{(2)}, with a small letter
for one entry, whose indices are looked up in turn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import erf, expit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TOKEN = re.compile(
    r"\\(?:operatorname|text|mathbf|mathbb)\{[^{}]*\}|\\[A-Za-z]+'?|\\.|\d+(?:\.\d+)?|[A-Za-z]|\S", re.DOTALL
)
SPACE = {r"\,", r"\left", r"\right", r"\quad"}
CONSTANTS = {"e": np.e, r"\kappa": 1.0507009873554805, r"\alpha": 1.6732632423543772}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    r"\log": np.log,
    r"\exp": np.exp,
    r"\tanh": np.tanh,
    r"\cosh": np.cosh,
    r"\sigma": expit,
    r"\Phi": lambda z: 0.5 * (1 + erf(z / np.sqrt(2))),
    r"\varphi": lambda z: np.exp(-z * z / 2) / np.sqrt(2 * np.pi),
    r"\max": np.maximum,
    r"\min": np.minimum,
    r"\operatorname{sign}": np.sign,
}
COMPARISONS = {">": np.greater, "<": np.less, r"\le": np.less_equal}


@dataclass
class Calculator:
    """Reads a formula from left to right. ``functions`` adds to the known ones; ``extents`` say how far indices run."""

    values: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]]
    extents: Mapping[str, int]

    def __call__(self, latex: str, **indices: int) -> Any:
        """Return the value of a formula."""
        self.tokens = [sign for sign in TOKEN.findall(latex) if sign not in SPACE]
        self.place = 0
        self.indices = dict(indices)
        value = self.sum()
        assert self.place == len(self.tokens), f"{latex}: stopped before {self.tokens[self.place :]}"
        return value

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        sign = self.peek()
        assert not expected or sign == expected, f"{expected} expected, got {sign} in {self.tokens}"
        self.place += 1
        return sign

    def group(self) -> list[str]:
        """Take {…} and return what is inside."""
        self.take("{")
        depth, inside = 1, []
        while depth:
            sign = self.take()
            depth += (sign == "{") - (sign == "}")
            inside.append(sign)
        return inside[:-1]

    def computed(self, tokens: list[str]) -> Any:
        """Compute tokens by themselves."""
        saved = self.tokens, self.place
        self.tokens, self.place = tokens, 0
        value = self.sum()
        assert self.place == len(tokens)
        self.tokens, self.place = saved
        return value

    def sum(self) -> Any:
        value = -self.product() if self.peek() == "-" and self.take() else self.product()
        while self.peek() in {"+", "-"}:
            sign = 1 if self.take() == "+" else -1
            value = value + sign * self.product()
        return value

    def product(self) -> Any:
        if self.peek() == r"\sum":
            return self.summation()
        value = self.factor()
        while self.peek() and self.peek() not in {"+", "-", ")", "]", "}", "|", ",", "=", *COMPARISONS}:
            if self.peek() == r"\sum":
                return value * self.summation()
            entrywise = self.peek() in {r"\odot", r"\cdot"} and bool(self.take())
            factor = self.factor()
            matrices = np.ndim(value) == np.ndim(factor) == 2
            value = value @ factor if matrices and not entrywise else value * factor
        return value

    def summation(self) -> Any:
        self.take(r"\sum")
        self.take("_")
        index = "".join(self.group() if self.peek() == "{" else [self.take()])
        start, total = self.place, 0.0
        for number in range(self.extents[index]):
            self.indices[index], self.place = number, start
            total = total + self.product()
        return total

    def factor(self) -> Any:
        if self.peek() == "|":
            return self.absolute()
        sign = self.take()
        if sign in {*FUNCTIONS, *self.functions} or sign.startswith(r"\operatorname") or sign == r"\varphi_":
            return self.function(sign)
        return self.powered(self.atom(sign))

    def atom(self, sign: str) -> Any:
        if sign in {"(", "["}:
            value = self.sum()
            self.take({"(": ")", "[": "]"}[sign])
            return value
        if sign == "{":
            self.place -= 1
            return self.computed(self.group())
        if sign in CONSTANTS:
            return CONSTANTS[sign]
        if sign in {r"\frac", r"\tfrac"}:
            return self.fraction()
        if sign == r"\mathbb{1}":
            return self.condition()
        return float(sign) if sign[0].isdigit() else self.symbol(sign)

    def powered(self, value: Any) -> Any:
        if self.peek() != "^":
            return value
        self.take()
        exponent = self.computed(self.group()) if self.peek() == "{" else float(self.take())
        return value**exponent

    def absolute(self) -> Any:
        self.take("|")
        value = self.sum()
        self.take("|")
        return np.abs(value)

    def fraction(self) -> Any:
        above, below = self.group(), self.group()
        if r"\partial" not in above:
            return self.computed(above) / self.computed(below)
        assert below[0] == r"\partial"
        saved = self.tokens, self.place
        self.tokens, self.place = below[1:], 1
        value = self.symbol(below[1], prefix="s" if r"\ell" in above else "d")
        self.tokens, self.place = saved
        return value

    def condition(self) -> Any:
        self.take("[")
        left = self.sum()
        compare = COMPARISONS[self.take()]
        value = compare(left, self.sum()).astype(float)
        self.take("]")
        return value

    def function(self, sign: str) -> Any:
        apply = {**FUNCTIONS, **self.functions}[sign]
        power = float(self.take() and self.take()) if self.peek() == "^" else 1.0
        if self.peek() == "(":
            arguments = [self.take() and self.sum()]
            while self.peek() == ",":
                self.take()
                arguments.append(self.sum())
            self.take(")")
            return self.powered(apply(*arguments) ** power)
        return apply(self.summation() if self.peek() == r"\sum" else self.factor()) ** power

    def symbol(self, sign: str, prefix: str = "") -> Any:
        """Look a symbol up: its layer from ^{(l)}, its indices from _{ij}, its transpose from a ⊤."""
        name, transposed, indices = sign.removeprefix(r"\mathbf{").removesuffix("}"), False, []
        while self.peek() in {"^", "_"}:
            before, kind = self.place, self.take()
            inside = self.group() if self.peek() == "{" else [self.take()]
            if kind == "_":
                indices = inside
            elif inside[0] == "(" or r"\top" in inside:
                transposed = r"\top" in inside
                name += "".join(part for part in inside if part.isdigit())
            else:
                self.place = before  # a power, not a name
                break
        if name == "1":  # a column of ones
            length = int("".join(indices)) if indices[0].isdigit() else self.values[indices[0]]
            return np.ones((1, length) if transposed else (length, 1))
        value = self.values[prefix + name]
        for index in indices:
            value = value[self.indices[index]]
        return np.transpose(value) if transposed else value
