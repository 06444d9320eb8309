"""The lab ``moons`` (S0): one hidden ReLU layer, the perceptron loss, gradient descent, eight decision functions."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import datasets
from chainrule.labs.assignment import Script
from chainrule.labs.experiment import Experiment
from chainrule.labs.lab import Lab
from chainrule.labs.moons.homework import MOONS_HOMEWORK
from chainrule.labs.own_data import TEST_SIZE, hold_out
from chainrule.labs.report_text import ReportText, text_beside
from chainrule.labs.settings import Config, Setting, idle_with_data, number, whole
from chainrule.labs.task import Task
from chainrule.maths.initializers import Generator, normal
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.training.optimizers import Optimizer, sgd

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.labs.results import LabResult
    from chainrule.labs.task_result import TaskResult
    from chainrule.maths.arrays import Array
    from chainrule.plot import Picture
    from chainrule.training.optimizers import State
    from chainrule.training.run import Epoch

SHOWN = (0, 1, 3, 7, 15, 31, 63, 127)  # the iterations before whose update the text draws the decision function

SETTINGS = (
    Setting("n", 100, "how many points the two moons have together", whole(at_least=2), idle_with_data),
    Setting("hidden", 50, "how many hidden ReLU units", whole()),
    Setting("learning_rate", 0.1, "step of the gradient descent", number(above=0)),
    Setting("epochs", 128, "how many iterations", whole()),
    TEST_SIZE,
)


def make_network(n_features: int, hidden: int) -> Network:
    """Make S0's network: W ~ N(0, 1/n_in), b ~ N(0, 1), and no bias on the linear output."""
    return Network(
        [
            Dense(hidden, "relu", weight_init=normal(1 / math.sqrt(n_features)), bias_init=normal(1.0)),
            Dense(1, "identity", bias=False, weight_init=normal(1 / math.sqrt(hidden))),
        ],
        n_features=n_features,
        loss="perceptron",
    )


def bias_averaged_twice(learning_rate: float, net: Network, n_samples: int) -> Optimizer:
    """Gradient descent as S0 prints it: the gradient of the hidden biases is divided by N once too often."""
    descent = sgd(learning_rate)
    factors = np.ones(net.n_parameters)
    _, b = net.views(factors)[0]
    if b is not None:
        b /= n_samples

    def update(grad: Array, state: State, theta: Array) -> tuple[Array, State]:
        return descent.update(factors * grad, state, theta)

    return Optimizer("sgd as printed in S0", descent.init, update)


def make_task(
    config: Config, generator: Generator, name: str, X: Array, T: Any, test: tuple[Array, Any] | None
) -> Task:
    """Draw the start after the data, from the same stream, and descend."""
    net = make_network(X.shape[1], config["hidden"])
    theta = net.initial_theta(generator)
    rate = config["learning_rate"]
    descent: dict[str, Any] = {"learning_rate": rate}
    if config["as_printed"]:
        descent = {"optimizer": bias_averaged_twice(rate, net, len(X))}
    return Task(name, net, theta, X, T, test, {**descent, "max_epochs": config["epochs"]})


def task(config: Config, generator: Generator, name: str) -> Task:
    """S0's own data: moons without noise, stretched to 2X − 1, targets −1 and +1."""
    X, labels = datasets.moons(config["n"], random_state=generator)
    return make_task(config, generator, name, 2 * X - 1, 2 * labels - 1, test=None)


def own_task(config: Config, generator: Generator, X: Array, labels: Any, name: str) -> Task:
    """Points of the user's own, as they are, some held out."""
    X, T, test = hold_out(X, 2 * labels - 1, config["test_size"], generator)
    return make_task(config, generator, name, X, T, test)


def errors(result: TaskResult) -> dict[str, Any]:
    """Report the title errors at full precision."""
    return {"errors": [snapshot.loss for snapshot in result.snapshots]}


def line(epoch: Epoch) -> str:
    """Word the text's title."""
    return title(epoch.number, epoch.loss)


def title(number: int, error: float) -> str:
    """Return the text's title of a decision function.

    >>> title(0, 0.1274)
    'It: 0, Error: 0.127'
    """
    return f"It: {number}, Error: {error:.3f}"


def closing(result: TaskResult) -> Sequence[str]:
    """Say what the error cannot: an output of 0 everywhere would score 0 too."""
    test = "" if result.test_accuracy is None else f", {result.test_accuracy:.2f} held out"
    [dead], hidden = result.dead_units, result.task.net.layers[0].n_outputs
    return [f"accuracy: {result.train_accuracy:.2f}{test}, dead ReLUs: {dead} of {hidden}"]


def figures(result: LabResult) -> dict[str, Picture]:
    """Draw the data with the dummy decision function, the decision functions on the way, and the learning curve."""
    from chainrule import plot

    [done] = result.results
    task = done.task
    pictures: dict[str, Picture] = {}
    if task.X.shape[1] == 2:
        regions = partial(plot.decision_regions, style=plot.MOONS_TEXT, extent=_window(task), resolution=100)
        pictures["data"] = regions(lambda P: P.sum(axis=1), task.X, task.T, title="x₁ + x₂ = 0")
        snapshots = [(title(kept.number, kept.loss), _decide(task.net, kept.theta)) for kept in done.snapshots]
        small = replace(plot.MOONS_TEXT, panel=2.4)  # eight of them in two rows are as wide as a page
        pictures["snapshots"] = plot.decision_snapshots(
            snapshots, task.X, task.T, style=small, extent=_window(task), resolution=100
        )
    if done.run.epochs:
        pictures["learning_curve"] = plot.learning_curves(
            {done.name: done.run.history["loss"]}, xlabel="iteration", ylabel="error", title="Learning curve"
        )
    return pictures


def _window(task: Task) -> tuple[float, float, float, float] | None:
    """S0's square from −4 to 4 where the points lie in it; None lets the picture choose."""
    return (-4.0, 4.0, -4.0, 4.0) if np.abs(task.X).max() <= 4.0 else None


def _decide(net: Network, theta: Array) -> Callable[[Array], Array]:
    return lambda P: net.predict(theta, P)


EXPERIMENTS = (
    Experiment(
        "learning_rate",
        "Learning rates",
        "How long may a step be before ReLUs die and the error no longer falls?",
        {"learning_rate": (0.01, 0.1, 1.0, 10.0)},
    ),
    Experiment("hidden", "Hidden units", "How many ReLUs do two moons need?", {"hidden": (2, 10, 50, 200)}),
)

MOONS = Lab(
    name="moons",
    title="Two moons, one hidden ReLU layer, the perceptron loss",
    source="Training a Neural Network (exercise sheet)",
    settings=SETTINGS,
    run_names=lambda config: ["moons"],  # noqa: ARG005  # there is but one
    task=task,
    own_task=own_task,
    script=Script(
        heading=lambda task: None,  # noqa: ARG005  # the text prints none
        shows=SHOWN.__contains__,
        line=line,
        closing=closing,
        keeps=SHOWN.__contains__,
    ),
    figures=figures,
    as_printed=(
        "the text divides the gradient of the hidden biases by N twice, once in DZ and once more in DZ.mean(0), so "
        "that they learn N times too slowly. The right line is DB = DZ.sum(0)."
    ),
    extras=errors,
    n_classes=2,
    experiments=tuple(replace(one, unit="iteration") for one in EXPERIMENTS),
    report_text=ReportText(*text_beside(__file__)),
    homework=MOONS_HOMEWORK,
)
