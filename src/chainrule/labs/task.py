"""A task: one training of a lab, a network with its start, its data, and how it learns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chainrule.labs.score import score_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chainrule.labs.score import Score
    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network


@dataclass(frozen=True)
class Task:
    """One training of a lab: a network with its start, its data, and how it learns.

    Attributes
    ----------
    name : str
    net : Network
    theta : array (n_parameters,)
        The start.
    X : array (n_samples, n_features)
    T : array (n_samples, n_outputs)
    test : (X, T), optional
        Held-out samples.
    training : dict
        Arguments of ``cr.epochs``, or of ``cr.minimize``.
    method : str, optional
        Of SciPy; without one the task descends.
    score : "accuracy" or "R²", optional
        What says how well it reads its samples; without it R² where the targets are numbers, accuracy where classes.
    notes : tuple of str
        What whoever runs it should know: printed before the training.
    reachable : float or None
        The score below which a run that no longer moves counts as stuck; None where nobody knows it.
    """

    name: str
    net: Network
    theta: Array
    X: Array
    T: Array
    test: tuple[Array, Array] | None = None
    training: Mapping[str, Any] = field(default_factory=dict)  # arguments of cr.epochs, or of cr.minimize
    method: str | None = None  # of SciPy; without one the task descends
    score: Score | None = None
    notes: tuple[str, ...] = ()
    reachable: float | None = 0.9  # the score below which a run that no longer moves is stuck; None: nobody knows

    def __post_init__(self) -> None:
        """Settle the score."""
        if self.score is None:
            object.__setattr__(self, "score", score_of(self.net, self.net.targets(self.T, len(self.X))))

    @property
    def cap(self) -> int:
        """How many epochs, or iterations of SciPy's method, it is allowed."""
        return int(self.training["max_epochs" if self.method is None else "max_iterations"])
