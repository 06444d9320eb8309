"""What a loss is: a pair, value and gradient, one entry a sample; averaging comes after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chainrule.maths.arrays import REALS, Array, Domain
from chainrule.maths.targets import any_targets

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Loss:
    r"""A loss, sample by sample: the network averages over samples, with weights if there are any.

    Parameters
    ----------
    name : str
        What it is called in tables, files and messages.
    value : function (Y, T) -> (n_samples,)
        The loss of each sample, summed over its outputs.
    gradient : function (Y, T) -> (n_samples, n_outputs)
        The derivative of each sample's loss with respect to its own outputs.
    domain : Domain
        The outputs Y it can be asked about: an activation with another range is refused.
    check_targets : function (T) -> str or None
        What is wrong with these targets, as the end of a sentence that begins with the loss's name.
    formula, derivative_formula : str, optional
        LaTeX for one output's term and its derivative; without them an explanation writes ℓ and ℓ′.

    Examples
    --------
    Your own is accepted wherever a name is:

    >>> import numpy as np
    >>> fourth = Loss("fourth", lambda Y, T: ((Y - T) ** 4).sum(axis=1), lambda Y, T: 4 * (Y - T) ** 3)
    >>> fourth.value(np.array([[2.0], [1.0]]), np.array([[0.0], [1.0]]))
    array([16.,  0.])
    """

    name: str
    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array, Array], Array]
    domain: Domain = REALS
    check_targets: Callable[[Array], str | None] = any_targets
    formula: str | None = None
    derivative_formula: str | None = None
