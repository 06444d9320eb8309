"""Gradients of somebody else's: a named mistake, or pasted code in its sandbox, in the place of the engine's."""

from __future__ import annotations

import tempfile
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.backprop import check_backprop
from chainrule.check.edits.kinds import KINDS
from chainrule.check.edits.mistakes import edits_for
from chainrule.check.edits.program import Point, Program
from chainrule.check.sentences import place_of, sentence_of
from chainrule.errors import InvalidValue
from chainrule.network.objective import Evaluation, Objective
from chainrule.sandbox import Ended, Limits, Raised, UnreadableSubmission, opened, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.check.backprop_report import BackpropReport
    from chainrule.check.edits.program import Edit
    from chainrule.maths.arrays import Array
    from chainrule.network.dropout import Masks
    from chainrule.network.network import Network

SECONDS = 3600.0  # that pasted code may train in all


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


class OwnCode:
    """Pasted code in a process of its own: ``backprop(theta, X, T)`` returns the gradient, or (loss, gradient)."""

    def __init__(self, text: str) -> None:
        self._stack = ExitStack()
        self._one_at_a_time = threading.Lock()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="chainrule-play-")))
        path = folder / "backprop.py"
        path.write_text(text, encoding="utf-8")
        try:
            file = read(path)
        except UnreadableSubmission as error:
            self._stack.close()
            raise InvalidValue(str(error)) from None
        self._loaded = self._stack.enter_context(opened(file, limits=Limits(seconds=10.0, total=SECONDS)))
        try:
            known = self._loaded.describe(["backprop"])["backprop"]
        except Ended as error:
            crash = self._loaded.crash(error).sentence
            self._stack.close()
            raise InvalidValue(crash) from None
        if known.kind != "function":
            self._stack.close()
            raise InvalidValue("Your code defines no function backprop(theta, X, T). Call it so.")

    def check(self, net: Network) -> BackpropReport:
        """Check it as ``chainrule check`` does, in the sandbox."""
        try:
            with self._one_at_a_time:

                def backprop(theta: Array, X: Array, T: Array) -> Any:
                    return self._loaded.module.backprop(theta, X, T)

                return check_backprop(backprop, net)
        except Ended as error:
            raise InvalidValue(self._loaded.crash(error).sentence) from None

    def __call__(self, theta: Array, X: Array, T: Array) -> Array:
        """Return its gradient."""
        try:
            with self._one_at_a_time:
                returned: Any = self._loaded.module.backprop(theta, X, T)
        except Ended as error:
            raise InvalidValue(self._loaded.crash(error).sentence) from None
        except Raised as error:
            raise InvalidValue(f"Your code raised {error}.") from None
        gradient = returned[-1] if isinstance(returned, tuple | list) else returned
        try:
            return np.asarray(gradient, dtype=np.float64)
        except (TypeError, ValueError):
            raise InvalidValue("backprop must return the gradient, or (loss, gradient), as one flat array.") from None

    def close(self) -> None:
        """End its process."""
        self._stack.close()
