"""Notation: how the symbols of a derivation are written in LaTeX, samples as rows or samples as columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chainrule.maths.activations import Activation
    from chainrule.network.derivation import Shape

FUNCTIONS = {
    "sigmoid": r"\sigma",
    "tanh": r"\tanh",
    "exp": r"\exp",
    "relu": r"\operatorname{ReLU}",
    "leaky_relu": r"\operatorname{LeakyReLU}",
    "elu": r"\operatorname{ELU}",
    "selu": r"\operatorname{SELU}",
    "gelu": r"\operatorname{GELU}",
    "silu": r"\operatorname{SiLU}",
}
NAMED = re.compile(r"([A-Za-z]+?)(\d+)")  # W1, Z12
TOKEN = re.compile(r"\\(?:text|operatorname|mathrm|mathbb|mathbf)\{[^}]*\}|\\[A-Za-z]+|\\.|.", re.DOTALL)


@dataclass(frozen=True)
class Notation:
    """How to write: ``columns`` puts a sample in a column, so that every matrix is the transpose of ours.

    ``slopes_of`` is what the losses of the samples are derived by first: Z of the last layer, or Y.
    """

    columns: bool
    slopes_of: str

    def symbol(self, name: str) -> str:
        r"""Write a symbol of the derivation.

        >>> Notation(False, "Y").symbol("dW2")
        '\\frac{\\partial L}{\\partial W^{(2)}}'
        """
        if name == "slopes":
            return rf"\frac{{\partial \ell}}{{\partial {self.symbol(self.slopes_of)}}}"
        if name.startswith("d"):
            return rf"\frac{{\partial L}}{{\partial {self.symbol(name[1:])}}}"
        if named := NAMED.fullmatch(name):
            return rf"{named[1]}^{{({named[2]})}}"
        return {"loss": "L", "losses": r"\ell_n"}.get(name, name)

    def transposed(self, name: str) -> str:
        r"""Write the transpose of a symbol that is no derivative.

        >>> Notation(False, "Y").transposed("W2")
        'W^{(2)\\top}'
        """
        named = NAMED.fullmatch(name)
        return rf"{named[1]}^{{({named[2]})\top}}" if named else rf"{name}^{{\top}}"

    def product(self, first: str, second: str) -> str:
        """Write the product that reads first second where samples are rows: the other way round in columns."""
        return f"{second} {first}" if self.columns else f"{first} {second}"

    def size(self, shape: Shape) -> str:
        r"""Write a shape, a vector (n,) as the row or the column that it is.

        >>> Notation(True, "Y").size(("N", 3)), Notation(False, "Y").size((3,))
        ('3 \\times N', '1 \\times 3')
        """
        full = (1, *shape) if len(shape) == 1 else shape
        return r" \times ".join(str(length) for length in (full[::-1] if self.columns else full))

    def weight(self, number: int) -> str:
        """One entry of W: from unit i to unit j."""
        return rf"w^{{({number})}}_{{{'ji' if self.columns else 'ij'}}}"


def entry(name: str, index: str) -> str:
    r"""Write one entry of a symbol for one sample, in small letters.

    >>> entry("Z2", "j"), entry("X", "i")
    ('z^{(2)}_{j}', 'x_{i}')
    """
    named = NAMED.fullmatch(name)
    return rf"{named[1].lower()}^{{({named[2]})}}_{{{index}}}" if named else rf"{name.lower()}_{{{index}}}"


def slope(name: str, index: str) -> str:
    r"""Write the derivative of one sample's loss by an entry.

    >>> slope("Y", "j")
    '\\frac{\\partial \\ell}{\\partial y_{j}}'
    """
    return rf"\frac{{\partial \ell}}{{\partial {entry(name, index)}}}"


def function_name(activation: Activation) -> str:
    r"""Write the name of an activation as a function; your own without a formula is φ.

    >>> from chainrule.maths.activations import RELU, Activation
    >>> function_name(RELU), function_name(Activation("my_own", RELU.forward, RELU.backward))
    ('\\operatorname{ReLU}', '\\varphi_{\\text{my own}}')
    """
    plain = " ".join(re.findall("[A-Za-z0-9]+", activation.name))
    if activation.formula is None:
        return rf"\varphi_{{\text{{{plain}}}}}" if plain else r"\varphi"
    return FUNCTIONS.get(activation.name, rf"\operatorname{{{plain}}}")


def substituted(latex: str, letters: Mapping[str, str]) -> str:
    r"""Put other symbols in the place of single letters of a formula; names of functions stay whole.

    >>> substituted(r"\max(0, z)^2", {"z": "z_{j}"})
    '\\max(0, {z_{j}})^2'
    """
    tokens = TOKEN.findall(latex)
    return "".join(f"{{{letters[token]}}}" if token in letters else token for token in tokens)
