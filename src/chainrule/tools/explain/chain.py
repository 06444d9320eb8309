"""The chain of factors: from the loss to each parameter, one derivative a link, found by following the steps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.network.derivation import Step
    from chainrule.tools.explain.notation import Notation

FORWARD = ("affine", "linear", "activation", "dropped", "loss", "loss_from_logits")


def path(steps: Sequence[Step], parameter: str) -> list[str]:
    """Return the symbols on the way from a parameter to the losses.

    >>> from chainrule.network.derivation import derive
    >>> from chainrule.network.layers import Dense
    >>> from chainrule.network.network import Network
    >>> path(derive(Network([Dense(3, "tanh"), Dense(1, "sigmoid")], 2, "log_loss")), "W1")
    ['W1', 'Z1', 'A1', 'Z2', 'losses']
    """
    forward = [step for step in steps if step.operation.name in FORWARD and not step.symbol.startswith("d")]
    found = [parameter]
    while found[-1] != "losses":
        users = [step.symbol for step in forward if found[-1] in step.operands]
        found.append("losses" if "losses" in users else users[0])
    return found


def chain(steps: Sequence[Step], parameter: str, notation: Notation) -> str:
    r"""Write the derivative of the loss by a parameter as the product of its factors, from the output back.

    The first factor takes the mean over the samples along: ∂L/∂Z = (1/N) ∂ℓ/∂Z.
    """
    symbols = [notation.symbol(symbol) for symbol in path(steps, parameter)]
    links = list(pairwise(symbols))  # (inner, outer) from the parameter to the losses
    last = rf"\frac{{\partial L}}{{\partial {links[-1][0]}}}"
    factors = [last, *(rf"\frac{{\partial {outer}}}{{\partial {inner}}}" for inner, outer in links[-2::-1])]
    return rf"\frac{{\partial L}}{{\partial {symbols[0]}}} = " + r" \cdot ".join(factors)
