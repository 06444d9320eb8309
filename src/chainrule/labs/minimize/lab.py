"""The lab ``minimize`` (S1): networks for scipy.optimize.minimize(jac=True), shallow and deep, two classes and more."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import datasets
from chainrule.check import check_gradient
from chainrule.labs.assignment import Script
from chainrule.labs.experiment import Experiment
from chainrule.labs.lab import Lab
from chainrule.labs.minimize.homework import MINIMIZE_HOMEWORK
from chainrule.labs.outcomes import collapsed
from chainrule.labs.own_data import TEST_SIZE, hold_out
from chainrule.labs.report_text import ReportText, text_beside
from chainrule.labs.settings import Config, Setting, idle_with_data, number, one_of, some_of, whole
from chainrule.labs.task import Task
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.training.accuracy import accuracy
from chainrule.training.minimize import SCIPY_METHODS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.labs.results import LabResult
    from chainrule.labs.task_result import TaskResult
    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.plot import Picture
    from chainrule.training.run import Epoch, Run

DEPTH = 4  # hidden layers of the deep runs; three are the other reading of the text's "depth 4"
GOOD = 0.95  # an accuracy that nobody calls a failure

RUNS: dict[str, tuple[str, str, int]] = {  # data, hidden activation, hidden layers
    "blobs": ("two_blobs", "sigmoid", 1),
    "ring": ("ring", "sigmoid", 1),
    "moons": ("moons", "sigmoid", 1),
    "relu": ("moons", "relu", 1),
    "depth4_sigmoid": ("moons", "sigmoid", DEPTH),
    "depth4_relu": ("moons", "relu", DEPTH),
    "depth4_trained": ("moons", "sigmoid", DEPTH),
    "three_blobs": ("three_blobs", "sigmoid", 1),
    "spiral": ("spiral", "sigmoid", 1),
}
SHALLOW = RUNS["blobs"]
FIRST = 40  # iterations whose gradients are drawn
WIDER, WEAKER = 4.0, 0.1  # of depth4_trained: its start, and its λ, as multiples of the others'
COURSE_FILES = (
    ("pointsClass1Week6.mat", "pointsClass2Week6.mat"),
    ("xWeek6Ex3PointsClass1.mat", "xWeek6Ex3PointsClass2.mat", "xWeek6Ex3PointsClass3.mat"),
)
DATA: dict[str, Callable[..., tuple[Any, Any]]] = {
    "two_blobs": datasets.two_blobs,
    "ring": datasets.ring,
    "moons": datasets.moons,
    "three_blobs": partial(datasets.blobs, centers=[[-3.0, 0.0], [3.0, 0.0], [0.0, 4.0]]),
    "spiral": partial(datasets.spiral, arms=3, turns=0.5),
}
SETTINGS = (
    Setting("runs", tuple(RUNS), "which of the runs", some_of(RUNS)),
    Setting("n", 200, "how many points to train on", whole(at_least=6), idle_with_data),
    Setting("hidden", 10, "units of each hidden layer", whole()),
    Setting("l2", 1e-3, "λ of the penalty λ Σ W², biases excluded", number(at_least=0)),
    Setting("method", "L-BFGS-B", "of scipy.optimize.minimize", one_of(SCIPY_METHODS)),
    Setting("epochs", 1000, "the maximum of iterations", whole()),
    TEST_SIZE,
)


def make_network(n_features: int, n_classes: int, hidden: Sequence[int], activation: str) -> Network:
    """Make S1's network: all starts uniform in ±√(2 / (n_in + n_out)), sigmoid or softmax output."""
    dense = partial(Dense, weight_init="glorot_sigmoid", bias_init="glorot_sigmoid")
    layers = [dense(units, activation) for units in hidden]
    if n_classes == 2:
        return Network([*layers, dense(1, "sigmoid")], n_features, "log_loss")
    return Network([*layers, dense(n_classes, "softmax")], n_features, "cross_entropy")


def make_task(
    config: Config, generator: Generator, name: str, X: Array, labels: Any, activation: str, depth: int
) -> Task:
    """Draw the start after the data, and leave the rest to SciPy."""
    n_classes = int(labels.max()) + 1
    net = make_network(X.shape[1], n_classes, [config["hidden"]] * depth, activation)
    T = labels if n_classes == 2 else datasets.one_hot(labels, n_classes)
    trained = name.endswith("depth4_trained")
    theta = net.initial_theta(generator) * (WIDER if trained else 1.0)
    training = {"l2": config["l2"] * (WEAKER if trained else 1.0), "max_iterations": config["epochs"]}
    notes = (f"A start {WIDER:g} times as wide, and λ = {training['l2']:g}.",) if trained else ()
    return Task(name, net, theta, X, T, training=training, method=config["method"], notes=notes)


def task(config: Config, generator: Generator, name: str) -> Task:
    """One of the runs, on a stand-in for the course's files, half as many points held out."""
    data, activation, depth = RUNS[name]
    n_test = config["n"] // 2
    X, labels = DATA[data](config["n"] + n_test, random_state=generator)
    X, labels, test = hold_out(X, labels, n_test, generator)
    return with_test(make_task(config, generator, name, X, labels, activation, depth), test)


def own_task(config: Config, generator: Generator, X: Array, labels: Any, name: str) -> Task:
    """Points of the user's own, in one hidden sigmoid layer or in the network of the run."""
    X, labels, test = hold_out(X, labels, config["test_size"], generator)
    _, activation, depth = RUNS.get(config["own_run"], SHALLOW)
    return with_test(make_task(config, generator, name, X, labels, activation, depth), test)


def own_runs(config: Config) -> Sequence[str]:
    """The networks of the runs asked for, without a choice the first of them: points of the user's own are the same."""
    if config["runs"] == tuple(RUNS):
        return [""]
    return list(dict.fromkeys("" if RUNS[name][1:] == SHALLOW[1:] else name for name in config["runs"]))


def with_test(task: Task, test: tuple[Array, Any] | None) -> Task:
    """Return the task with held-out points, their labels coded like its targets."""
    if test is None:
        return task
    X, labels = test
    return replace(task, test=(X, labels if task.net.n_outputs == 1 else datasets.one_hot(labels, task.net.n_outputs)))


def judge(task: Task, run: Run) -> Run:
    """Say plainly what SciPy does not: a collapse is a failure, and a good fit at a kink is a good fit."""
    if run.status == "converged" and collapsed(task, run):
        largest = max(float(np.abs(W).max()) for W, _ in task.net.views(run.theta))
        message = (
            f"Collapsed: the loss stays at {run.loss:.4f}, that of a constant answer, and the largest weight is "
            f"{largest:.1e}. SciPy calls it a success: {run.message.rstrip('.')}. A smaller l2, a wider start or fewer "
            "layers train."
        )
        return replace(run, status="failed", message=message)
    score = accuracy(task.net, run.theta, task.X, task.T)
    if run.status == "failed" and score >= GOOD:
        message = f"A good fit, accuracy {score:.2f}, that SciPy calls unsuccessful, as at a kink: {run.message}"
        return replace(run, status="converged", message=message)
    return run


def heading(task: Task) -> str:
    """Name the run and its network, and check the gradient that SciPy is given at the start."""
    layers = (f"{layer.n_outputs} {layer.activation.name}" for layer in task.net.layers)
    fun = task.net.objective(task.X, task.T, l2=task.training["l2"])
    report = check_gradient(fun, task.theta, task.net.shapes, max_entries=100, random_state=0)
    return f"=== {task.name}: {' -> '.join([str(task.net.n_features), *layers])}, {task.method}\n{report.verdict}"


def closing(result: TaskResult) -> Sequence[str]:
    """Say how it ended, with loss and accuracies."""
    held_out = "" if result.test_accuracy is None else f", held out {result.test_accuracy:.2f}"
    run = result.run
    return [
        f"{run.status} after {run.epochs} iterations: {run.message}",
        f"loss {run.loss:.5f}, accuracy {result.train_accuracy:.2f}{held_out}",
    ]


def figures(result: LabResult) -> dict[str, Picture]:
    """Draw the decision regions of each run, and the learning curves of two classes, and of more, over each other."""
    from chainrule import plot

    pictures: dict[str, Picture] = {}
    for done in result.results:
        task, theta = done.task, done.run.theta
        if task.X.shape[1] == 2:
            title = f"{done.name}: accuracy {done.train_accuracy:.2f}"
            decide = partial(task.net.predict, theta)
            pictures[f"{done.name}_regions"] = plot.decision_regions(decide, task.X, task.T, title=title)
        if len(task.net.layers) > DEPTH and len(done.snapshots) > 1:
            norms = gradient_norms(done)
            pictures[f"{done.name}_gradient_norms"] = plot.gradient_norms(
                norms, xlabel="iteration", title=f"Gradients, {done.name}"
            )
    for name, title, several in (("", "two classes", False), ("_of_more_classes", "more classes", True)):
        curves = {
            done.name: done.run.history["loss"]
            for done in result.results
            if done.run.epochs and (done.task.net.n_outputs > 1) is several
        }
        if curves:
            pictures[f"learning_curves{name}"] = plot.learning_curves(
                curves, xlabel="iteration", title=f"Learning curves, {title}"
            )
    return pictures


def gradient_norms(done: TaskResult) -> dict[str, list[float]]:
    """Return the norm of the loss's gradient by each W, at the first iterations."""
    task, norms = done.task, {f"W{k + 1}": list[float]() for k in range(len(done.task.net.layers))}
    for kept in done.snapshots:
        trace = task.net.forward(kept.theta, task.X)
        gradients = task.net.backward(kept.theta, trace, task.T)
        for name, dW in zip(norms, gradients.dW, strict=True):
            norms[name].append(float(np.linalg.norm(dW)))
    return norms


def line(epoch: Epoch) -> str:
    """Word an iteration."""
    return f"iteration {epoch.number}, loss {epoch.loss:.5f}, accuracy {epoch.accuracy:.2f}"


EXPERIMENTS = (
    Experiment(
        "l2",
        "The penalty",
        "How strong may λ be before the penalty outweighs the fit?",
        {"l2": (0.0, 1e-4, 1e-3, 1e-2)},
        {"runs": ("moons", "ring")},
    ),
    Experiment(
        "depth",
        "The penalty, deep and shallow",
        "Which λ do four hidden layers bear, of sigmoids and of ReLUs?",
        {"l2": (0.0, 1e-4, 1e-3)},
        {"runs": ("moons", "depth4_sigmoid", "depth4_trained", "relu", "depth4_relu")},
    ),
    Experiment(
        "three_classes",
        "Three classes",
        "How many hidden units do three classes need?",
        {"hidden": (3, 10, 30)},
        {"runs": ("three_blobs", "spiral")},
    ),
)

MINIMIZE = Lab(
    name="minimize",
    title="A network for scipy.optimize.minimize: shallow and deep, two classes and three",
    source="Week 6, Neural nets and backpropagation (notebook)",
    settings=SETTINGS,
    run_names=lambda config: config["runs"],
    task=task,
    own_task=own_task,
    own_runs=own_runs,
    course_files=COURSE_FILES,
    script=Script(
        heading=heading,
        shows=lambda number: number % 100 == 0,
        line=line,
        closing=closing,
        keeps=lambda number: number < FIRST,
    ),
    figures=figures,
    judge=judge,
    experiments=tuple(replace(one, unit="iteration") for one in EXPERIMENTS),
    report_text=ReportText(*text_beside(__file__)),
    homework=MINIMIZE_HOMEWORK,
)
