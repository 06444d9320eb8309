"""The lab ``softmax`` (S3): two hidden layers, softmax, 50 steps up the log-likelihood, which is down cross-entropy."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from chainrule import datasets
from chainrule.labs.assignment import Script
from chainrule.labs.experiment import Experiment
from chainrule.labs.lab import Lab
from chainrule.labs.own_data import TEST_SIZE, hold_out
from chainrule.labs.report_text import ReportText, text_beside
from chainrule.labs.settings import Config, Setting, idle_with_data, number, one_of, whole, wholes
from chainrule.labs.softmax.homework import SOFTMAX_HOMEWORK
from chainrule.labs.task import Task
from chainrule.maths.activations import ACTIVATIONS
from chainrule.network.layers import Dense
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.labs.results import LabResult
    from chainrule.labs.task_result import TaskResult
    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.plot import Picture

DATA_SEED = 42  # the text's, for its moons and for their split; the lab's seed is for the weights

SETTINGS = (
    Setting("n", 5000, "how many points, 30 % of them held out", whole(at_least=10), idle_with_data),
    Setting("hidden", (100, 100), "units of the hidden layers, as in 100,100", wholes),
    Setting("activation", "sigmoid", "of the hidden layers", one_of(ACTIVATIONS)),
    Setting("learning_rate", 0.1, "length of a step", number(above=0)),
    Setting("steps", 50, "how many steps, each on all points", whole()),
    TEST_SIZE,
)


def given_network() -> Network:
    """Make the network of the text's notebook, from which the assignment starts."""
    return Network([Dense(100, "relu"), Dense(2, "softmax")], 2, "cross_entropy")


def make_task(
    config: Config, generator: Generator, name: str, X: Array, labels: Any, test: tuple[Array, Any] | None
) -> Task:
    """Make S3's network, every entry of every [W; b] from N(0, 1), drawn in that order."""
    n_classes = int(labels.max()) + 1
    dense = partial(Dense, weight_init="normal(1)", bias_init="normal(1)")
    hidden = [dense(units, config["activation"]) for units in config["hidden"]]
    net = Network([*hidden, dense(n_classes, "softmax")], X.shape[1], "cross_entropy")
    held_out = None if test is None else (test[0], datasets.one_hot(test[1], n_classes))
    training = {"learning_rate": config["learning_rate"], "max_epochs": config["steps"]}
    T = datasets.one_hot(labels, n_classes)
    return Task(name, net, net.initial_theta(generator), X, T, held_out, training)


def task(config: Config, generator: Generator, name: str) -> Task:
    """The text's moons and their split, always the same; the weights from the lab's seed."""
    X, labels = datasets.moons(config["n"], noise=0.1, random_state=DATA_SEED)
    X_train, X_test, train, test = datasets.train_test_split(X, labels, test_size=0.3, random_state=DATA_SEED)
    return make_task(config, generator, name, X_train, train, (X_test, test))


def own_task(config: Config, generator: Generator, X: Array, labels: Any, name: str) -> Task:
    """Points of the user's own, two classes or more."""
    return make_task(config, generator, name, *hold_out(X, labels, config["test_size"], generator))


def closing(result: TaskResult) -> Sequence[str]:
    """Print the text's last line, with the accuracy on held-out points."""
    score = result.train_accuracy if result.test_accuracy is None else result.test_accuracy
    return [f"Test accuracy after {result.run.epochs} gradient steps: {score}"]


def figures(result: LabResult) -> dict[str, Picture]:
    """Draw the data, the predictions on held-out points, the decision regions and the learning curve."""
    from chainrule import plot

    [done] = result.results
    task, decide = done.task, partial(done.task.net.predict, done.run.theta)
    X, T = (task.X, task.T) if task.test is None else task.test
    pictures: dict[str, Picture] = {}
    if X.shape[1] == 2:
        pictures["data"] = plot.scatter(task.X, task.T, title="Training data")
        pictures["prediction"] = plot.truth_and_prediction(X, T, decide(X).argmax(axis=1))
        pictures["regions"] = plot.decision_regions(decide, X, T, title="Decision regions")
    if done.run.epochs:
        pictures["learning_curve"] = plot.learning_curves(
            {done.name: done.run.history["loss"]}, xlabel="step", ylabel="cross-entropy", title="Learning curve"
        )
    return pictures


EXPERIMENTS = (
    Experiment("steps", "Steps", "Are the text's 50 steps enough?", {"steps": (10, 50, 250)}, seeds=3),
    Experiment(
        "hidden", "Hidden layers", "What does the second hidden layer add?", {"hidden": ((100,), (100, 100))}, seeds=3
    ),
    Experiment(
        "activation",
        "Activation",
        "What becomes of ReLUs in the place of sigmoids, with the same weights from N(0, 1)?",
        {"activation": ("sigmoid", "relu")},
        seeds=3,
    ),
)

SOFTMAX = Lab(
    name="softmax",
    title="Moons, two hidden layers of 100, softmax, gradient ascent of the log-likelihood",
    source="Homework 1, MLP classifier (notebook)",
    settings=SETTINGS,
    run_names=lambda config: ["softmax"],  # noqa: ARG005  # there is but one
    task=task,
    own_task=own_task,
    script=Script(
        heading=lambda task: None,  # noqa: ARG005  # the text prints none
        shows=lambda number: True,  # noqa: ARG005  # every step
        line=lambda epoch: f"Iteration {epoch.number}",
        closing=closing,
    ),
    figures=figures,
    experiments=tuple(replace(one, unit="step") for one in EXPERIMENTS),
    report_text=ReportText(*text_beside(__file__), before=given_network),
    homework=SOFTMAX_HOMEWORK,
)
