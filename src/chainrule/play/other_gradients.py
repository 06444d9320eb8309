"""Gradients of somebody else's, a named mistake or code of one's own, in the place of the engine's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.backprop import check_backprop
from chainrule.check.edits.kinds import KINDS
from chainrule.check.edits.mistakes import edits_for
from chainrule.check.edits.program import Point, Program
from chainrule.check.sentences import place_of, sentence_of
from chainrule.errors import InvalidValue
from chainrule.network.objective import Evaluation, Objective

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.check.backprop_report import BackpropReport
    from chainrule.check.edits.program import Edit
    from chainrule.maths.arrays import Array
    from chainrule.network.dropout import Masks
    from chainrule.network.network import Network


@dataclass(frozen=True, eq=False)
class GivenGradient(Objective):
    """The engine's loss with a gradient of somebody else's, (theta, X, T) -> gradient, the penalty's part included."""

    given: Callable[[Array, Array, Array], Array] | None = None

    def evaluate_batch(self, theta: Array, X: Array, T: Array, shares: Array, masks: Masks = ()) -> Evaluation:
        """Evaluate on some of the samples: loss and outputs as they are, the gradient as it is given."""
        right = super().evaluate_batch(theta, X, T, shares, masks)
        assert self.given is not None, "There is no gradient."  # noqa: S101
        return replace_gradient(right, self.given(theta, X, T))


def replace_gradient(right: Evaluation, gradient: Array) -> Evaluation:
    """Return an evaluation with another gradient of the same shape."""
    if np.shape(gradient) != right.gradient.shape:
        raise InvalidValue(f"The gradient must have shape {right.gradient.shape}, got {np.shape(gradient)}.")
    return right._replace(gradient=np.asarray(gradient, dtype=right.gradient.dtype))


def mistakes(net: Network) -> dict[str, Edit]:
    """Every named mistake that this network can have, by kind and place."""
    found: dict[str, Edit] = {}
    for edit in edits_for(net):
        found.setdefault(f"{edit.kind} in {place_of(edit)}"[:80], edit)
    return found


def told(edit: Edit) -> str:
    """Say what a mistake is."""
    return sentence_of(KINDS[edit.kind].sentence, place_of(edit))


def mistaken(net: Network, name: str, l2: float) -> Callable[[Array, Array, Array], Array]:
    """Return the gradient with a named mistake in it."""
    edit = mistakes(net).get(name)
    if edit is None:
        raise InvalidValue(f"This network cannot have the mistake {name!r}. Choose one of the list.")

    def gradient(theta: Array, X: Array, T: Array) -> Array:
        output = Program(net, Point(theta, X, T, l2)).run(edit)
        if output is None:
            raise InvalidValue(f"With the mistake {name!r} the shapes do not fit: nothing can be computed.")
        return np.concatenate([output.blocks[block].ravel() for block in net.shapes])

    return gradient


def judged(net: Network, gradient: Callable[[Array, Array, Array], Array]) -> BackpropReport:
    """Return what the checker says of a gradient."""

    def backprop(theta: Array, X: Array, T: Array) -> tuple[float, Array]:
        return net.data_loss(theta, X, T), gradient(theta, X, T)

    return check_backprop(backprop, net)
