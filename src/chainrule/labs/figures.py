"""Figures that every lab has beside its own: its activations, its network, its points, and what is read as what."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from chainrule.labs import predictions

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from pathlib import Path

    from chainrule.labs.task_result import TaskResult
    from chainrule.plot import Picture


UNITS = 10  # of a hidden layer that is drawn unit by unit
FPS = 5  # frames a second of an animation


def common_pictures(results: Sequence[TaskResult], explained: str | None, own: Container[str]) -> dict[str, Picture]:
    """Draw the activations and the first network, and for each training its points and its confusion table.

    ``explained`` names the training whose network is drawn, if not the first; ``own`` names the pictures that the lab
    draws itself: its points are not drawn twice.
    """
    from chainrule import plot
    from chainrule.plot.graph import MOST_LAYERS

    drawn_net = next((done for done in results if done.name == explained), results[0])
    members = list(dict.fromkeys(layer.activation for done in results for layer in done.task.net.layers))
    pictures = {"activations": plot.activation_functions(members)}
    if len(drawn_net.task.net.layers) <= MOST_LAYERS:
        pictures["network"] = plot.network_graph(drawn_net.task.net, _finite(drawn_net))
    first = same_points(results)
    for done in results:
        drawn = "data" in own or f"{done.name}_data" in own
        if done.task.score == "accuracy" and done.task.X.shape[1] == 2 and first[done.name] == done.name and not drawn:
            pictures[f"{done.name}_data"] = plot.scatter(done.task.X, done.task.T, title=done.name)
        pictures |= _answers(done) | _units(done)
    return pictures


def same_points(results: Sequence[TaskResult]) -> dict[str, str]:
    """Name, for each training, the first one that has the same training points."""
    return {
        done.name: next(other.name for other in results if np.array_equal(other.task.X, done.task.X))
        for done in results
    }


def write_animation(done: TaskResult, path: Path) -> None:
    """Write how the decision function of a training came about, from its start to its end."""
    from chainrule import plot

    task = done.task
    thetas = {kept.number: kept.theta for kept in done.film} | {done.run.epochs: done.run.theta}
    frames = [(number, partial(task.net.predict, theta)) for number, theta in thetas.items()]
    plot.animate(frames, task.X, task.T, path, fps=FPS)


def _finite(done: TaskResult) -> np.ndarray | None:
    """The trained parameters, where they can be drawn."""
    theta = done.run.theta
    return theta if np.isfinite(theta).all() else None


def _units(done: TaskResult) -> dict[str, Picture]:
    """What each unit of the first hidden layer answers over the plane, while they are few enough to be seen."""
    from chainrule import plot

    task, theta = done.task, _finite(done)
    few = len(task.net.layers) > 1 and task.net.layers[0].n_outputs <= UNITS
    if theta is None or not few or task.X.shape[1] != 2 or task.score != "accuracy":
        return {}
    picture = plot.hidden_units(task.net, theta, task.X, task.T, title=f"Hidden units, {done.name}")
    return {f"{done.name}_hidden_units": picture}


def _answers(done: TaskResult) -> dict[str, Picture]:
    """What is read as what, unless the classes are too many to be seen; of numbers, the fit and its residuals."""
    from chainrule import plot
    from chainrule.plot.confusion import MOST

    X, T, Y = predictions.judged(done.task, done.run.theta)
    if done.task.score == "accuracy":
        truth, predicted, classes = predictions.as_classes(done.task, T, Y)
        if len(classes) > MOST:
            return {}
        return {f"{done.name}_confusion": plot.confusion_matrix(truth, predicted, classes=classes, title=done.name)}
    decide = partial(done.task.net.predict, done.run.theta)
    return {f"{done.name}_fit": plot.regression_fit(X, T, decide, title=done.name)}
