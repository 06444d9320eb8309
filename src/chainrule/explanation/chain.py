"""The chain of factors: from the loss to each parameter, one derivative a link, found by following the steps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.explanation.notation import Notation
    from chainrule.network.derivation import Step

FORWARD = ("affine", "linear", "activation", "dropped", "loss", "loss_from_logits")
LONGEST = 25  # factors that are all written; of a longer product, the first and the last
ENDS = 4


def links(steps: Sequence[Step]) -> dict[str, str]:
    """Return what each symbol goes into on the way to the losses, found in one pass over the steps."""
    found: dict[str, str] = {}
    for step in steps:
        if step.operation.name not in FORWARD or step.symbol.startswith("d"):
            continue
        for operand in step.operands:
            if step.symbol == "losses" or operand not in found:
                found[operand] = step.symbol
    return found


def path(into: Mapping[str, str], parameter: str) -> list[str]:
    """Return the symbols on the way from a parameter to the losses, given the :func:`links`.

    >>> from chainrule.network.derivation import derive
    >>> from chainrule.network.layers import Dense
    >>> from chainrule.network.network import Network
    >>> path(links(derive(Network([Dense(3, "tanh"), Dense(1, "sigmoid")], 2, "log_loss"))), "W1")
    ['W1', 'Z1', 'A1', 'Z2', 'losses']
    """
    found = [parameter]
    while found[-1] != "losses":
        found.append(into[found[-1]])
    return found


def chain(into: Mapping[str, str], parameter: str, notation: Notation) -> str:
    r"""Write the derivative of the loss by a parameter as the product of its factors, from the output back.

    The first factor takes the mean over the samples along: ∂L/∂Z = (1/N) ∂ℓ/∂Z. Of more than 25 factors the middle,
    which goes on in the same way, is left out: every parameter has its own product, and all of them together grow with
    the square of the number of layers.
    """
    way = list(pairwise(path(into, parameter)))  # (inner, outer) from the parameter to the losses
    whole = len(way) <= LONGEST
    pieces = [_factor(*link, notation) for link in (way if whole else way[-ENDS:])[::-1]]
    if not whole:
        pieces += [r"\cdots", *(_factor(*link, notation) for link in way[:ENDS][::-1])]
    return _factor(parameter, "losses", notation) + " = " + r" \cdot ".join(pieces)


def _factor(inner: str, outer: str, notation: Notation) -> str:
    above = "L" if outer == "losses" else notation.symbol(outer)
    return rf"\frac{{\partial {above}}}{{\partial {notation.symbol(inner)}}}"
