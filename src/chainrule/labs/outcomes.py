"""Outcomes: what became of a training, in a word and a sentence, where an optimizer's own word is not enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from chainrule.labs.score import measure
from chainrule.maths.activations import RELU
from chainrule.maths.losses import CROSS_ENTROPY, HALF_SQUARED_ERROR, LOG_LOSS

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.labs.task import Task
    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network
    from chainrule.training.run import Run

OutcomeName: TypeAlias = Literal[
    "converged", "done", "fell short", "not finished", "stuck", "diverged", "collapsed", "failed", "interrupted"
]

SAME = 1e-6  # outputs no further apart are one answer, whatever its loss
ALIKE = 0.1  # outputs no further apart are one answer if the loss is a constant's, too
NEAR = 0.01  # how near the loss of a constant answer is, as a share of it
HIGHER = 1.1  # times the first loss: one that ends above has diverged
LAST = 10  # whether it moves is told from the last of so many parts of its epochs
HARDLY = 0.01  # a fall over that part by a smaller share of the loss is none
MEAN_IS_BEST = (LOG_LOSS, CROSS_ENTROPY, HALF_SQUARED_ERROR)  # the losses whose best constant answer is the mean of T


@dataclass(frozen=True)
class Outcome:
    """What became of a training: one of nine names, and a sentence."""

    name: OutcomeName
    sentence: str


def outcome(task: Task, run: Run) -> Outcome:
    """Say what became of a run; the first that holds of the following.

    ===============  =================================================================================================
    interrupted      Ctrl-C, or a callback
    diverged         a number became infinite or NaN
    collapsed        every sample gets the same answer (see :func:`collapsed`), though there are two classes
    converged        a rule for stopping, or SciPy's criterion, was met
    failed           the optimizer gave up
    diverged         the loss at the end and the median of its last tenth are more than 10 % above the first: the
                     median, so that a descent in leaps is not judged by its last one
    stuck            score below what is reachable, and over the last tenth of the epochs the loss fell by less than 1 %
    not finished     the cap was reached while a rule, or SciPy's criterion, waited
    fell short       all epochs that were asked for, and the score is below what is reachable
    done             all epochs that were asked for, and nothing waited
    ===============  =================================================================================================
    """
    if run.status == "stopped":
        return Outcome("interrupted", run.message)
    if run.status == "non_finite":
        return Outcome("diverged", run.message)
    if collapsed(task, run):
        return Outcome("collapsed", f"Every sample gets nearly the same answer; the loss is {run.loss:.4g}.")
    if run.status == "converged":
        by = "" if task.method is None else f"{task.method} ended after {run.epochs} iterations: "
        return Outcome("converged", by + run.message)
    if run.status == "failed":
        return Outcome("failed", run.message)
    return _at_cap(task, run)


def _at_cap(task: Task, run: Run) -> Outcome:
    """Say what became of a run that used up its epochs."""
    losses = run.history["loss"]
    last = losses[-max(2, len(losses) // LAST) :]
    if len(losses) and min(run.loss, float(np.median(last))) > HIGHER * losses[0]:
        return Outcome("diverged", f"The loss began at {losses[0]:.4g} and ended at {run.loss:.4g}.")
    score = measure(task.score, task.net, run.theta, task.X, task.T)
    below = task.reachable is not None and score < task.reachable
    if len(losses) >= 2 * LAST and below and _hardly_falls(last):
        sentence = f"The loss hardly falls from {run.loss:.4g}; {task.score} {score:.2f} on the training samples."
        return Outcome("stuck", sentence)
    if task.method is not None or task.training.get("stop"):
        return Outcome("not finished", f"{run.epochs} epochs were not enough; the loss is {run.loss:.4g}.")
    if below:
        sentence = f"All {run.epochs} epochs were trained; {task.score} {score:.2f} on the training samples."
        return Outcome("fell short", sentence)
    return Outcome("done", f"All {run.epochs} epochs were trained; the loss is {run.loss:.4g}.")


def _hardly_falls(losses: Array) -> bool:
    """Whether a stretch of losses falls by less than 1 %, told from the means of its halves: single ones may leap."""
    before, after = (float(half.mean()) for half in np.array_split(losses, 2))
    return 2 * (before - after) < HARDLY * abs(before)


def collapsed(task: Task, run: Run) -> bool:
    """Whether the answer is a constant, though the targets are not.

    It is where all outputs agree to 1e-6, and where they agree to 0.1 while the loss is within 1 % of that of the best
    constant answer.
    """
    T = task.net.targets(task.T, len(task.X))
    if not np.ptp(T, axis=0).any():
        return False
    spread = float(np.ptp(task.net.predict(run.theta, task.X), axis=0).max())
    best = constant_loss(task.net, T)
    return spread <= SAME or (best is not None and spread <= ALIKE and abs(run.loss - best) <= NEAR * best)


def constant_loss(net: Network, T: npt.ArrayLike) -> float | None:
    """Return the loss of the best answer that is the same for every sample: that of the mean of T.

    Of two even classes it is ln 2 in a cross-entropy. None for losses whose best constant is not the mean.

    >>> from chainrule import Dense, Network
    >>> constant_loss(Network([Dense(1, "sigmoid")], 2, "log_loss"), [[0.0], [1.0]])
    0.6931471805599453
    """
    if net.loss not in MEAN_IS_BEST:
        return None
    targets = np.asarray(T, dtype=np.float64)
    mean = np.broadcast_to(targets.mean(axis=0), targets.shape)
    return float(net.loss.value(mean, targets).mean())


def dead_units(net: Network, theta: Array, X: npt.ArrayLike) -> list[int]:
    """Count, in each hidden layer, the ReLUs that are 0 on every sample: no gradient ever reaches them.

    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(2, "relu"), Dense(1)], n_features=1)
    >>> dead_units(net, np.array([1.0, 1.0, 0.0, -9.0, 1.0, 1.0, 0.0]), [[1.0], [2.0]])
    [1]
    """
    hidden = zip(net.layers[:-1], net.forward(theta, X).Z, strict=False)
    return [int((Z <= 0).all(axis=0).sum()) if layer.activation == RELU else 0 for layer, Z in hidden]


def has_relus(net: Network) -> bool:
    """Whether a hidden layer has units that can die."""
    return any(layer.activation == RELU for layer in net.layers[:-1])
