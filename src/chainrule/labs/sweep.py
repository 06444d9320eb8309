"""The sweep: your own table, or a built-in set of points, under every combination of the settings one asks for."""

from __future__ import annotations

import inspect
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import datasets
from chainrule.errors import InvalidFile, InvalidValue, choose, unknown_name
from chainrule.labs.assignment import Script
from chainrule.labs.experiment import Experiment, score_of, spell_value
from chainrule.labs.lab import Lab
from chainrule.labs.own_data import TEST_SIZE, hold_out
from chainrule.labs.report_text import ReportText
from chainrule.labs.run_experiments import run_experiments
from chainrule.labs.settings import Config, Setting, number, one_of, or_none, whole, wholes, yes_or_no
from chainrule.labs.task import Task
from chainrule.maths.activations import ACTIVATIONS
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.training.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chainrule.datasets import Table
    from chainrule.labs.results import LabResult
    from chainrule.labs.score import Score
    from chainrule.labs.task_result import TaskResult
    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.plot import Picture
    from chainrule.training.run import Epoch

BUILT_IN: dict[str, Callable[..., tuple[Any, Any]]] = {
    name: getattr(datasets, name)
    for name in (
        *("band", "blobs", "circles", "linear", "moons", "noisy_sine", "plane", "ring", "spiral", "two_blobs"),
        *("xor_alternating", "xor_blobs", "xor_diagonals", "xor_easy"),
    )
}
NUMBERS = ("noisy_sine", "plane")  # the built-in sets whose targets are numbers
CLASSES = 20  # a column of more different whole numbers than this is a quantity, not a class
TASKS = ("auto", "classification", "regression")

SETTINGS = (
    Setting("hidden", (10,), "units of the hidden layers, as in 70,70, or none", or_none(wholes)),
    Setting("activation", "tanh", "of the hidden layers", one_of(ACTIVATIONS)),
    Setting("optimizer", "adam", "how it descends", one_of(OPTIMIZERS)),
    Setting("learning_rate", 0.01, "step of the descent", number(above=0)),
    Setting("batch_size", 32, "samples an update, or none for all", or_none(whole())),
    Setting("epochs", 200, "how many epochs", whole()),
    Setting("l2", 0.0, "λ of the penalty λ Σ W², biases excluded", number(at_least=0)),
    Setting("standardize", True, "whether features are brought to mean 0 and deviation 1", yes_or_no),
    replace(TEST_SIZE, help="share held out for testing, or none"),
)


@dataclass(frozen=True)
class TableSource:
    """Where a sweep's samples come from, and what they are."""

    table: Table
    name: str
    data: str
    target: str | None
    task: str
    n: int | None

    @property
    def regression(self) -> bool:
        """Whether the targets are numbers rather than classes."""
        return not self.table.class_names


def read_source(
    data: str, target: str | None = None, task: str = "auto", *, n: int = 500, seed: int = 0
) -> TableSource:
    """Read a file, or draw a built-in set of that name where there is no such file.

    Under ``task="auto"`` a numeric target of more than twenty values, or with fractions, is a quantity.
    """
    if task not in TASKS:
        raise unknown_name("task", task, TASKS)
    if data in BUILT_IN and not Path(data).exists():
        if target is not None:
            raise InvalidValue(f"--target names a column of a file; the built-in set {data} has its own targets.")
        return _checked(TableSource(_drawn(data, n, seed, task), data, data, None, task, n))
    if not Path(data).suffix:
        raise InvalidValue(f"There is no file {data!r}, and no built-in set of that name: {', '.join(BUILT_IN)}.")
    options = {} if target is None else {"target": target}
    return _checked(TableSource(_loaded(data, options, task), Path(data).stem, data, target, task, None))


def _checked(source: TableSource) -> TableSource:
    """Return the samples, or say why nothing can be learned from them."""
    X, T = source.table.X, source.table.T
    if len(X) < 2:
        raise InvalidFile(f"{source.data} has {len(X)} row: a sweep needs at least 2, to train and to test.")
    if not source.regression and len(source.table.class_names) < 2:
        only = source.table.class_names[0]
        raise InvalidFile(
            f"{source.data}: {_target(source)} is {only!r} in every row, one class: there is nothing to learn."
        )
    if source.regression and (T[0] == T).all():
        raise InvalidFile(f"{source.data}: {_target(source)} is {T.flat[0]:g} in every row: nothing to predict.")
    with np.errstate(all="ignore"):
        spread = X.std(axis=0)
    if not np.isfinite(spread).all():
        j = int(np.flatnonzero(~np.isfinite(spread))[0])
        raise InvalidFile(
            f"{source.data}, column {source.table.feature_names[j]!r}: numbers as large as {np.abs(X[:, j]).max():g} "
            "cannot be brought to one scale. Divide the column by a power of ten."
        )
    return source


def _target(source: TableSource) -> str:
    return "the target" if source.target is None else f"the target, column {source.target!r},"


def notes(source: TableSource, vary: Mapping[str, Sequence[object]]) -> list[str]:
    """Say what is odd and still can be used: columns that tell nothing, values given twice."""
    X, names = source.table.X, source.table.feature_names
    constant = [j for j in range(X.shape[1]) if (X[:, j] == X[0, j]).all()]
    told = [f"Column {names[j]!r} is {X[0, j]:g} in every row: it carries no information." for j in constant]
    for name, values in vary.items():
        if len(read := _distinct(name, values)) < len(values):
            told.append(f"{name} is given some values twice: {'; '.join(map(spell_value, read))} run, each once.")
    return told


def _distinct(name: str, values: Sequence[object]) -> list[Any]:
    """Read the values of a setting, each once: 0.1 and 0.10 are one."""
    known = {setting.name: setting for setting in SETTINGS}
    return list(dict.fromkeys(choose("setting of a sweep", name, known).parse(name, value) for value in values))


def _drawn(name: str, n: int, seed: int, task: str) -> Table:
    draw = BUILT_IN[name]
    if task != "auto" and (task == "regression") != (name in NUMBERS):
        kind = "numbers" if name in NUMBERS else "classes"
        raise InvalidValue(f"The targets of {name} are {kind}: leave --task out.")
    known = inspect.signature(draw).parameters
    X, T = draw(**{key: value for key, value in {"n": n, "random_state": seed}.items() if key in known})
    names = () if name in NUMBERS else tuple(str(label) for label in np.unique(T))
    return datasets.Table(X, T, tuple(f"x{i + 1}" for i in range(X.shape[1])), names)


def _loaded(data: str, options: Mapping[str, Any], task: str) -> Table:
    if task == "regression":
        return datasets.load(data, regression=True, **options)
    try:
        table = datasets.load(data, **options)
    except InvalidFile as error:
        if task == "classification":
            raise
        try:
            return datasets.load(data, regression=True, **options)
        except InvalidFile:  # neither: what is wrong with it as a table of classes says more
            raise error from None
    return datasets.load(data, regression=True, **options) if task == "auto" and _is_quantity(table) else table


def _is_quantity(table: Table) -> bool:
    """Whether the classes of a table are rather the values of a quantity: numbers, many of them or with fractions."""
    try:
        values = np.array([float(name) for name in table.class_names])
    except ValueError:
        return False
    return len(values) > CLASSES or bool((values != np.round(values)).any())


def make_lab(source: TableSource) -> Lab:
    """Return the lab that trains networks on these samples."""
    return replace(SWEEP, task=partial(_task, source), run_names=partial(_run_names, source))


def run_sweep(
    source: TableSource,
    vary: Mapping[str, Sequence[Any]],
    fixed: Mapping[str, Any],
    *,
    seeds: int = 5,
    seed: int = 0,
    client: Any = None,
) -> LabResult:
    """Train every combination from several starts on all cores, or on a cluster, and the best once more here.

    Its network is kept.

    The best has the highest median score on held-out samples (on the training samples where none are held out), and
    among equals the lowest median loss.
    """
    began = time.perf_counter()
    lab = make_lab(source)
    for name, value in fixed.items():
        _distinct(name, [value])
    parsed = {name: _distinct(name, values) for name, values in vary.items()}
    question = f"Which of these is best for {source.name}?"
    experiment = Experiment("sweep", "The settings compared", question, parsed, fixed, seeds)
    [answer] = run_experiments(lab, [experiment], seed=seed, client=client)
    if not answer.rows and answer.interrupted:
        raise KeyboardInterrupt
    if not answer.rows:
        reasons = sorted({gap["reason"] for gap in answer.missing})
        raise InvalidValue(f"No run of the sweep was finished: {' '.join(reasons)}")
    best = best_settings(answer.rows)
    result = replace(lab.run(seed, **{**fixed, **best}), experiments=(answer,))
    told = {"data": [source.data], "target": source.target, "task": source.task, "n": source.n}
    names = {"classes": list(source.table.class_names), "features": list(source.table.feature_names)}
    return replace(result, config={**result.config, **told, **names}, seconds=time.perf_counter() - began)


def best_settings(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the settings of the best row: the highest median score, among equals the lowest median loss.

    Parameters
    ----------
    rows : sequence of dicts
        ``ExperimentResult.rows``, or ``rows`` of an experiment in results.json.

    Returns
    -------
    dict
        Its settings by name.

    Raises
    ------
    InvalidValue
        Where there is no row.

    Examples
    --------
    >>> summary = {"test_accuracy": None, "train_accuracy": [0.9, 0.8, 1.0], "loss": [0.1, 0.0, 0.2]}
    >>> best_settings([{"settings": {"hidden": (3,)}, "summary": summary}])
    {'hidden': (3,)}
    """

    def rank(row: Mapping[str, Any]) -> tuple[float, float]:
        loss = row["summary"]["loss"][0]
        return score_of(row), -np.inf if loss is None or not np.isfinite(loss) else -loss

    if not rows:
        raise InvalidValue("There is no row to choose the best from: no run was finished.")
    settings: dict[str, Any] = max(rows, key=rank)["settings"]
    return settings


def _run_names(source: TableSource, config: Config) -> list[str]:  # noqa: ARG001  # there is but one
    return [source.name]


def _task(source: TableSource, config: Config, generator: Generator, name: str) -> Task:
    """Split the samples, bring their features to one scale, and draw a start, all from one stream."""
    X, T, test = hold_out(source.table.X, source.table.T, config["test_size"], generator)
    if config["standardize"]:
        X, test = _standardized(X, test)
    if source.regression:
        T, test = _standardized_targets(T, test)
    classes = 0 if source.regression else len(source.table.class_names)
    net = make_network(config, X.shape[1], classes)
    theta, size = net.initial_theta(generator), config["batch_size"]
    training = {**{name: config[name] for name in ("optimizer", "learning_rate", "l2")}, "max_epochs": config["epochs"]}
    training |= {"batch_size": size if size is None else min(size, len(X)), "random_state": generator}
    score: Score = "R²" if source.regression else "accuracy"
    coded = test if test is None or classes <= 2 else (test[0], datasets.one_hot(test[1], classes))
    targets = T if classes <= 2 else datasets.one_hot(T, classes)
    return Task(name, net, theta, X, targets, coded, training, score=score, reachable=None)


def make_network(config: Config, n_features: int, n_classes: int) -> Network:
    """Make the network: one sigmoid for two classes, softmax for more, a linear output for numbers (0 classes)."""
    hidden = [Dense(units, config["activation"]) for units in config["hidden"] or ()]
    if n_classes == 0:
        return Network([*hidden, Dense(1)], n_features, "half_squared_error")
    if n_classes == 2:
        return Network([*hidden, Dense(1, "sigmoid")], n_features, "log_loss")
    return Network([*hidden, Dense(n_classes, "softmax")], n_features, "cross_entropy")


def _standardized(X: Array, test: tuple[Array, Any] | None) -> tuple[Array, tuple[Array, Any] | None]:
    """Bring the training features to mean 0 and deviation 1, and the held-out ones by the same measure."""
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    scale = np.where(deviation > 0, deviation, 1.0)
    return (X - mean) / scale, None if test is None else ((test[0] - mean) / scale, test[1])


def _standardized_targets(T: Array, test: tuple[Array, Any] | None) -> tuple[Array, tuple[Array, Any] | None]:
    mean, deviation = float(T.mean()), float(T.std()) or 1.0
    return (T - mean) / deviation, None if test is None else (test[0], (test[1] - mean) / deviation)


def figures(result: LabResult) -> dict[str, Picture]:
    """Draw the learning curve, and where there are two features and classes what is predicted where."""
    from chainrule import plot

    [done] = result.results
    pictures: dict[str, Picture] = {}
    if done.task.score == "accuracy" and done.task.X.shape[1] == 2:
        decide = partial(done.task.net.predict, done.run.theta)
        pictures[f"{done.name}_regions"] = plot.decision_regions(decide, done.task.X, done.task.T, title=done.name)
    if done.run.epochs:
        curve = {done.name: done.run.history["loss"]}
        pictures[f"{done.name}_learning_curve"] = plot.learning_curves(curve, title=f"Learning curve, {done.name}")
    return pictures


def line(epoch: Epoch) -> str:
    """Word an epoch."""
    return f"epoch {epoch.number}: loss {epoch.loss:.5f}"


def closing(result: TaskResult) -> Sequence[str]:
    """Say how well the samples are read."""
    held_out = "" if result.test_accuracy is None else f", held out {result.test_accuracy:.3f}"
    return [f"{result.task.score}: training {result.train_accuracy:.3f}{held_out}"]


def _needs_a_table(*_: object) -> Any:
    raise InvalidValue("A sweep needs samples: chainrule sweep --data FILE --set learning_rate=0.01;0.1.")


SWEEP_REPORT_TEXT = ReportText(
    (
        (
            "Networks of several settings are trained on the same samples, each from several starts, and compared by "
            "how well they read samples that were held out."
        ),
        (
            "The best of many settings looks a little better than it is, because the held-out samples have chosen it. "
            "For an honest figure, test it once on samples that were kept apart."
        ),
    )
)

SWEEP = Lab(
    name="sweep",
    title="Settings compared on your own table",
    source="",
    settings=SETTINGS,
    run_names=_needs_a_table,
    task=_needs_a_table,
    own_task=_needs_a_table,
    script=Script(
        heading=lambda task: f"=== {task.name}", shows=lambda number: number % 50 == 0, line=line, closing=closing
    ),
    figures=figures,
    report_text=SWEEP_REPORT_TEXT,
)
