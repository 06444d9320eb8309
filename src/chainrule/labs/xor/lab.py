"""The lab ``xor`` (S4): two hidden sigmoid layers without biases, cross-entropy, three sets of points."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import datasets
from chainrule.labs.assignment import Script
from chainrule.labs.experiment import AS_PRINTED, Experiment
from chainrule.labs.lab import Lab
from chainrule.labs.own_data import TEST_SIZE, hold_out
from chainrule.labs.report_text import ReportText, text_beside
from chainrule.labs.settings import Config, Setting, idle_with_data, number, one_of, or_none, some_of, whole, wholes
from chainrule.labs.task import Task
from chainrule.labs.xor.homework import XOR_HOMEWORK
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.arrays import PROBABILITIES, Array
from chainrule.maths.loss import Loss
from chainrule.maths.losses import HALF_SQUARED_ERROR, LOG_LOSS, log_loss_gradient
from chainrule.maths.targets import probability_targets
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.training.accuracy import decision
from chainrule.training.stopping import accuracy_reached, loss_below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.labs.results import LabResult
    from chainrule.labs.task_result import TaskResult
    from chainrule.maths.initializers import Generator
    from chainrule.plot import Picture
    from chainrule.training.run import Epoch

DATA_SETS = ("linear", "xor_easy", "xor_alternating")
EVERY = 500  # epochs between two lines
N_TEST = 100  # held-out points
EPSILON = 0.01  # the text's one ε, for its threshold and inside its logarithms


def n_is_idle(config: Config, own: bool) -> str | None:
    """Of xor_easy the text gives every point."""
    return "xor_easy has 21 points, always" if config["data_sets"] == ("xor_easy",) else idle_with_data(config, own)


SETTINGS = (
    Setting("data_sets", DATA_SETS, "which of the three sets of points", some_of(DATA_SETS), idle_with_data),
    Setting("n", 100, "how many points linear and xor_alternating have", whole(at_least=2), n_is_idle),
    Setting("hidden", (10, 10), "units of the hidden layers, as in 70,70", wholes),
    Setting("activation", "sigmoid", "of the hidden layers; identity for the text's 'without'", one_of(ACTIVATIONS)),
    Setting("output", "sigmoid", "of the output; identity is fitted by least squares", one_of(("sigmoid", "identity"))),
    Setting("learning_rate", 0.3, "step of the gradient descent", number(above=0)),
    Setting("batch_size", None, "samples an update: none is all of them, 1 is the pseudocode's", or_none(whole())),
    Setting("epochs", 60000, "the maximum", whole()),
    Setting("stop_loss", 0.01, "stop when the loss is below this, or none", or_none(number())),
    Setting(
        "stop_accuracy",
        None,
        "stop when this share is read rightly, or none",
        or_none(number(above=0, at_most=1)),
    ),
    TEST_SIZE,
)


def label_blind(Y: Array, T: Array) -> Array:
    """The text's loss of each sample, −Σ [t log(t+ε) + (1−y) log(1−y+ε)]: where t is 1, y hardly matters.

    Perfect and inverted predictions of balanced classes score the same:

    >>> T = np.array([[0.0], [1.0]])
    >>> float(label_blind(T, T).mean()) == float(label_blind(1 - T, T).mean())
    True
    """
    losses: Array = -(T * np.log(T + EPSILON) + (1.0 - Y) * np.log(1.0 - Y + EPSILON)).sum(axis=1)
    return losses


def gradient_as_printed(Y: Array, T: Array) -> Array:
    """The text's derivative of a loss that it does not compute, −[t/y − (1−t)/(1−y)], of any output."""
    return -(T / Y - (1.0 - T) / (1.0 - Y))


AS_PRINTED_LOSS = Loss("label_blind", label_blind, log_loss_gradient, PROBABILITIES, probability_targets)
UNBOUNDED_LOSS = Loss("label_blind_unbounded", label_blind, gradient_as_printed)  # of an output without its sigmoid
LOSSES = {  # of the output's activation, and of whether the text's mistake is reproduced
    ("sigmoid", False): LOG_LOSS,
    ("sigmoid", True): AS_PRINTED_LOSS,
    ("identity", False): HALF_SQUARED_ERROR,
    ("identity", True): UNBOUNDED_LOSS,
}


def make_task(config: Config, generator: Generator, name: str, X: Array, T: Any) -> Task:
    """Make S4's network, weights N(0, 1) and no biases, and draw its start from the stream after the data."""
    hidden = [Dense(units, config["activation"], bias=False, weight_init="normal(1)") for units in config["hidden"]]
    output = Dense(1, config["output"], bias=False, weight_init="normal(1)")
    net = Network([*hidden, output], X.shape[1], LOSSES[config["output"], config["as_printed"]])
    rules = [
        rule(config[name])
        for name, rule in (("stop_loss", loss_below), ("stop_accuracy", accuracy_reached))
        if config[name] is not None
    ]
    size, n = config["batch_size"], len(X)
    notes = (
        () if size is None or size <= n else (f"batch_size {size} is more than the {n} points of {name}: all of them",)
    )
    arguments = {
        "learning_rate": config["learning_rate"],
        "batch_size": size if size is None else min(size, n),
        "max_epochs": config["epochs"],
    }
    training = {**arguments, "stop": rules, "random_state": generator}
    return Task(name, net, net.initial_theta(generator), X, T, training=training, notes=notes)


def points(name: str, n: int, generator: Generator) -> tuple[Array, Any]:
    """One of the three sets of points."""
    if name == "linear":
        return datasets.linear(n, random_state=generator)
    return datasets.xor_easy() if name == "xor_easy" else datasets.xor_alternating(n)


def held_out(name: str, generator: Generator) -> tuple[Array, Any]:
    """Fresh points of the same rule; for both XOR sets anywhere on the two diagonals."""
    draw = datasets.linear if name == "linear" else datasets.xor_diagonals
    return draw(N_TEST, random_state=generator)


def task(config: Config, generator: Generator, name: str) -> Task:
    """One of the text's sets: the data, then the start, then held-out points, all from one stream."""
    made = make_task(config, generator, name, *points(name, config["n"], generator))
    return replace(made, test=held_out(name, generator))


def own_task(config: Config, generator: Generator, X: Array, labels: Any, name: str) -> Task:
    """Points of the user's own, some held out."""
    X_train, T_train, test = hold_out(X, labels, config["test_size"], generator)
    return replace(make_task(config, generator, name, X_train, T_train), test=test)


def line(epoch: Epoch) -> str:
    """Word the text's line."""
    return f"training ... epoch:{epoch.number}, loss:{epoch.loss:.5f}, acc:{epoch.accuracy:.2f}"


def closing(result: TaskResult) -> Sequence[str]:
    """Print the accuracy and the predictions of held-out points, as the text does of its training points."""
    task, held_out = result.task, result.test_accuracy is not None
    accuracy = result.test_accuracy if held_out else result.train_accuracy
    Y = task.net.predict(result.run.theta, task.X if task.test is None else task.test[0])
    predictions = np.array2string(Y, floatmode="fixed", suppress_small=True, threshold=1000)
    rows = predictions[1:-1].replace("\n ", "\n").splitlines()
    return [result.run.message, f"testing ... accuracy:{accuracy}", *rows]


def figures(result: LabResult) -> dict[str, Picture]:
    """Draw truth beside prediction, the decision regions, and the learning curve, for each set of points."""
    pictures: dict[str, Picture] = {}
    for done in result.results:
        pictures.update(_figures_of_one(done, result.config))
    return pictures


def _figures_of_one(done: TaskResult, config: Config) -> dict[str, Picture]:
    from chainrule import plot

    task, theta = done.task, done.run.theta
    pictures: dict[str, Picture] = {}
    if task.X.shape[1] == 2:
        pictures[f"{done.name}_data"] = plot.scatter(task.X, task.T, style=plot.RED_BLUE, title=done.name)
        predicted = decision(task.net, task.net.targets(task.T, len(task.X))).labels(task.net.predict(theta, task.X))
        pictures[f"{done.name}_prediction"] = plot.truth_and_prediction(
            task.X, task.T, predicted.ravel(), style=plot.RED_BLUE
        )
        pictures[f"{done.name}_regions"] = plot.decision_regions(
            lambda P: task.net.predict(theta, P), task.X, task.T, boundary=0.5, style=plot.RED_BLUE, title=done.name
        )
    if done.run.epochs:
        pictures[f"{done.name}_learning_curve"] = plot.learning_curves(
            {done.name: done.run.history["loss"]}, threshold=config["stop_loss"], title=f"Learning curve, {done.name}"
        )
    return pictures


CAPPED: dict[str, Any] = {"data_sets": ("linear", "xor_easy"), "epochs": 20000}
LINEAR = {"activation": "identity", "output": "identity"}
EXPERIMENTS = (
    Experiment(
        "learning_rate",
        "Learning rates",
        "How many epochs do a small and a large step need?",
        {"learning_rate": (0.01, 0.3, 10.0)},
        CAPPED,
    ),
    Experiment(
        "hidden",
        "Hidden units",
        "How do width and number of epochs go together?",
        {"hidden": ((3, 3), (10, 10), (70, 70), (1000, 1000))},
        CAPPED,
    ),
    Experiment(
        "activation",
        "Without activation functions",
        "What can the network learn if its hidden layers are linear?",
        {"activation": ("sigmoid", "identity")},
        CAPPED,
    ),
    Experiment(
        "wide_as_printed",
        "The text's finding: 1000 and 1000 hidden units predict nothing",
        "Do they, or does the text's loss end the training before it has begun?",
        {AS_PRINTED: (True, False)},
        {**CAPPED, "hidden": (1000, 1000)},
    ),
    Experiment(
        "linear_output",
        "The text's way without activation functions: a linear output, too",
        "What becomes of the text's loss without the sigmoid at the output, and what do least squares learn, at a rate "
        "at which they do not diverge?",
        {AS_PRINTED: (True, False)},
        {**CAPPED, **LINEAR, "epochs": 5500, "stop_loss": None, "learning_rate": 0.001},
    ),
)

XOR = Lab(
    name="xor",
    title="Linear and XOR points, two hidden sigmoid layers without biases, cross-entropy",
    source="Lab 1: back-propagation (lab sheet and report)",
    settings=SETTINGS,
    run_names=lambda config: config["data_sets"],
    task=task,
    own_task=own_task,
    script=Script(
        heading=lambda task: f"=====data type : {task.name}=====",
        shows=lambda number: number > 0 and number % EVERY == 0,
        line=line,
        closing=closing,
    ),
    figures=figures,
    as_printed=(
        "the text's loss −[t·log(t+ε) + (1−y)·log(1−y+ε)] hardly looks at the prediction where t is 1 and can go below "
        "zero, so that its curve and its threshold say little. The right loss is −[t·log y + (1−t)·log(1−y)]."
    ),
    n_classes=2,
    experiments=EXPERIMENTS,
    report_text=ReportText(*text_beside(__file__), demand=0.9),
    parts=(AS_PRINTED_LOSS, UNBOUNDED_LOSS),
    homework=XOR_HOMEWORK,
)
