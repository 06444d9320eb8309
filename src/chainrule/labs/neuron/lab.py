"""The lab ``neuron`` (S2): a single neuron, then a 2–2–1 network, half the mean squared error, mini-batches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from chainrule import datasets
from chainrule.labs.assignment import Script
from chainrule.labs.experiment import Experiment
from chainrule.labs.lab import Lab
from chainrule.labs.neuron.homework import NEURON_HOMEWORK
from chainrule.labs.own_data import TEST_SIZE, hold_out
from chainrule.labs.report_text import ReportText, text_beside
from chainrule.labs.settings import Config, Setting, idle_with_data, number, or_none, some_of, whole, yes_or_no
from chainrule.labs.task import Task
from chainrule.maths.initializers import Generator, normal
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.training.accuracy import accuracy, decision

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.labs.results import LabResult
    from chainrule.labs.task_result import TaskResult
    from chainrule.maths.arrays import Array
    from chainrule.plot import Picture
    from chainrule.training.run import Epoch

SPREAD = 0.58  # standard deviation of the weights at the start; biases start at 0
SEPARABLE = {"separable": True, "xor": False, "band": False}
RUNS = ("neuron_separable", "neuron_xor", "network_separable", "network_xor", "network_band")
DATA: dict[str, Callable[..., tuple[Any, Any]]] = {
    "separable": datasets.two_blobs,
    "xor": datasets.xor_blobs,
    "band": datasets.band,
}


def neurons_alone(config: Config, own: bool) -> str | None:  # noqa: ARG001
    """Where only single neurons are trained, there is nothing hidden."""
    alone = all(name.startswith("neuron") for name in run_names(config))
    return "a single neuron has no hidden units" if alone else None


def run_names(config: Config) -> Sequence[str]:
    """The runs asked for, of the kind of data asked for."""
    wanted = config["linearly_separable"]
    return [name for name in config["runs"] if wanted in (None, SEPARABLE[name.split("_")[1]])]


SETTINGS = (
    Setting("runs", RUNS, "which of the runs", some_of(RUNS)),
    Setting("linearly_separable", None, "only the runs on separable data, or only the others; none is all",
            or_none(yes_or_no), idle_with_data),
    Setting("n", 4000, "how many points to train on; a quarter as many validate, and as many test", whole(at_least=8),
            idle_with_data),
    Setting("hidden", 2, "hidden units of the network", whole(), neurons_alone),
    Setting("batch_size", 500, "samples an update, or none for all", or_none(whole())),
    Setting("learning_rate", 0.5, "ε of the updates", number(above=0)),
    Setting("n_epochs", 1000, "how many epochs", whole()),
    TEST_SIZE,
)  # fmt: skip


def make_network(n_features: int, hidden: Sequence[int]) -> Network:
    """Make S2's network, all sigmoid with biases; without hidden units it is the single neuron."""
    layers = [Dense(units, "sigmoid", weight_init=normal(SPREAD)) for units in (*hidden, 1)]
    return Network(layers, n_features, "half_squared_error")


def make_task(
    config: Config,
    generator: Generator,
    name: str,
    hidden: Sequence[int],
    parts: tuple[Array, Any, tuple[Array, Any] | None, tuple[Array, Any] | None],
) -> Task:
    """Draw the start after the data; the validation part is measured after every epoch."""
    X, T, validation, test = parts
    net = make_network(X.shape[1], hidden)
    theta = net.initial_theta(generator)
    size = config["batch_size"]
    training = {
        "learning_rate": config["learning_rate"],
        "batch_size": size if size is None else min(size, len(X)),
        "max_epochs": config["n_epochs"],
        "validation": validation,
        "random_state": generator,
    }
    return Task(name, net, theta, X, T, test, training)


def task(config: Config, generator: Generator, name: str) -> Task:
    """One of the text's kinds: a neuron or a network, on one of three sets."""
    kind, data = name.split("_")
    n, share = config["n"], config["n"] // 4
    X, T = DATA[data](n + 2 * share, random_state=generator)
    X, T, test = hold_out(X, T, share, generator)
    X, T, validation = hold_out(X, T, share, generator)
    return make_task(config, generator, name, [] if kind == "neuron" else [config["hidden"]], (X, T, validation, test))


def own_task(config: Config, generator: Generator, X: Array, labels: Any, name: str) -> Task:
    """Points of the user's own, in a neuron or a network; what is held out is half to validate, half to test."""
    X, T, test = hold_out(X, labels, config["test_size"], generator)
    validation = None
    if test is not None and len(test[0]) > 1:
        X_test, T_test, validation = hold_out(*test, 0.5, generator)
        test = X_test, T_test
    hidden = [] if config["own_run"] == "neuron" else [config["hidden"]]
    return make_task(config, generator, name, hidden, (X, T, validation, test))


def extras(result: TaskResult) -> dict[str, Any]:
    """Report the accuracy on the validation part, beside those on the training and the test part."""
    validation = result.task.training["validation"]
    score = None if validation is None else accuracy(result.task.net, result.run.theta, *validation)
    return {"validation_accuracy": score}


def line(epoch: Epoch) -> str:
    """Word an epoch: its loss, and the validation loss."""
    validation = "" if epoch.validation_loss is None else f", validation loss {epoch.validation_loss:.5f}"
    return f"epoch {epoch.number}: loss {epoch.loss:.5f}{validation}"


def closing(result: TaskResult) -> Sequence[str]:
    """Print the three accuracies."""
    scores = {
        "training": result.train_accuracy,
        "validation": result.extras["validation_accuracy"],
        "test": result.test_accuracy,
    }
    return ["accuracy: " + ", ".join(f"{name} {score:.3f}" for name, score in scores.items() if score is not None)]


def figures(result: LabResult) -> dict[str, Picture]:
    """Draw right and wrong points by class and the decision regions and the losses of each run."""
    from chainrule import plot

    pictures: dict[str, Picture] = {}
    for done in result.results:
        task, net = done.task, done.task.net
        X, T = (task.X, task.T) if task.test is None else task.test
        if X.shape[1] == 2:
            read = decision(net, net.targets(T, len(X)))
            predicted = read.labels(net.predict(done.run.theta, X)).ravel()
            pictures[f"{done.name}_points"] = plot.right_and_wrong(X, T, predicted, title=done.name)
            decide = partial(net.predict, done.run.theta)
            pictures[f"{done.name}_regions"] = plot.decision_regions(
                decide, task.X, task.T, boundary=0.5, title=done.name
            )
        history = done.run.history
        curves = {"training": history["loss"], "validation": history.get("validation_loss", ())}
        drawn = {name: values for name, values in curves.items() if len(values)}
        if drawn:
            pictures[f"{done.name}_learning_curve"] = plot.learning_curves(drawn, title=f"Learning curve, {done.name}")
    return pictures


SMALL: dict[str, Any] = {"n": 1000, "batch_size": 125, "n_epochs": 300}  # as many updates an epoch as the text's
EXPERIMENTS = (
    Experiment(
        "separable",
        "Separable points",
        "Does a network read separable points better than a neuron?",
        {"runs": ("neuron_separable", "network_separable")},
        SMALL,
    ),
    Experiment(
        "not_separable",
        "XOR",
        "What does a network read that a single neuron cannot?",
        {"runs": ("neuron_xor", "network_xor")},
        {**SMALL, "n_epochs": 1000},
    ),
    Experiment(
        "batch_size",
        "Batches",
        "What do small batches cost or gain, epoch by epoch?",
        {"batch_size": (50, 500, None)},
        {"n": 1000, "n_epochs": 300, "runs": ("network_separable", "network_xor")},
    ),
    Experiment(
        "learning_rate",
        "Learning rates",
        "Which ε learns fastest, and does a large one still settle?",
        {"learning_rate": (0.05, 0.5, 5.0)},
        {**SMALL, "runs": ("network_separable", "network_xor")},
    ),
    Experiment(
        "restarts",
        "Restarts",
        "How many starts get stuck, with two hidden units and with four?",
        {"hidden": (2, 4)},
        {**SMALL, "n_epochs": 1000, "runs": ("network_xor",)},
        seeds=20,
    ),
)

NEURON = Lab(
    name="neuron",
    title="A single neuron, then a 2–2–1 network: mean squared error, mini-batches",
    source="Practical exercises, Week 4-6 (neurons and neural networks with NumPy)",
    settings=SETTINGS,
    run_names=run_names,
    task=task,
    own_task=own_task,
    own_runs=lambda config: list(dict.fromkeys(name.split("_")[0] for name in config["runs"])),
    script=Script(
        heading=lambda task: f"=== {task.name}", shows=lambda number: number % 100 == 0, line=line, closing=closing
    ),
    figures=figures,
    extras=extras,
    n_classes=2,
    experiments=EXPERIMENTS,
    report_text=ReportText(*text_beside(__file__), explained="network_xor"),
    homework=NEURON_HOMEWORK,
)
