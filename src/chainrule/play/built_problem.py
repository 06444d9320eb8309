"""The problem of a state: its network, its samples, its start, and how it is trained by the engine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from chainrule import labs
from chainrule.datasets import one_hot, train_test_split
from chainrule.errors import InvalidValue, unknown_name
from chainrule.maths.activations import Activation
from chainrule.maths.initializers import Initializer
from chainrule.maths.loss import Loss
from chainrule.network.inputs import as_generator
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.play import engine_settings, messages
from chainrule.play.data import Points, points_of
from chainrule.training.minimize import METHODS
from chainrule.training.optimizers import OPTIMIZERS, Optimizer
from chainrule.training.train import epochs

if TYPE_CHECKING:
    from pathlib import Path

    from chainrule.labs.task import Task
    from chainrule.maths.arrays import Array
    from chainrule.play.messages import State

SIGNED = ("perceptron", "hinge", "squared_hinge")  # losses of targets ±1


@dataclass(frozen=True, eq=False)
class Problem:
    """All that the engine is handed: ``arguments`` are those of ``cr.epochs``, or of ``cr.minimize`` with a method."""

    state: State
    net: Network
    points: Points
    X: Array
    T: Array
    theta: Array
    arguments: dict[str, Any] = field(default_factory=dict)
    method: str | None = None
    held_out: tuple[Array, Array] | None = None
    given_start: bool = False  # whether theta was given, not drawn by the seed

    @property
    def max_epochs(self) -> int:
        """After how many epochs, or iterations, it ends."""
        return int(self.arguments["max_epochs" if self.method is None else "max_iterations"])


def parts_of(kind: type) -> dict[str, Any]:
    """Return the labs' own activations, losses or initialisers by name, beside those that the engine has."""
    return {part.name: part for lab in labs.LABS.values() for part in lab.parts if isinstance(part, kind)}


def _part(kind: type, name: str) -> Any:
    return parts_of(kind).get(name, name)


def suited(state: State, points: Points) -> State:
    """Choose output and loss by the data: numbers, two classes, or more."""
    pair = ("identity", "half_squared_error")
    if points.n_classes:
        pair = ("sigmoid", "log_loss") if points.n_classes == 2 else ("softmax", "cross_entropy")
    activation, loss = pair
    return replace_state(state, output=msgspec.structs.replace(state.output, activation=activation, loss=loss))


def replace_state(state: State, **changes: Any) -> State:
    """Return a state with some of its parts changed."""
    return msgspec.structs.replace(state, **changes)


def make_problem(state: State, file: Path | None = None, *, suit: bool = False) -> Problem:
    """Return the problem of a state, refused in a sentence where its parts do not go together."""
    if state.data.source == "lab":
        return _of_lab(state)
    points = points_of(state.data, file)
    if suit:
        state = suited(state, points)
    X = points.X
    if state.data.source == "file" and state.data.standardize:
        spread = X.std(axis=0)
        X = (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    T = targets(points, state.output)
    net = network_of(state, X.shape[1], T.shape[1])
    T = net.targets(T, len(X))
    held_out = None
    if state.data.test_share:
        X, X_test, T, T_test = train_test_split(X, T, test_size=state.data.test_share, random_state=state.data.seed)
        held_out = (X_test, T_test)
    method, arguments = _arguments(state, net, held_out)
    theta = _start(state, net)
    return _checked(Problem(state, net, replace(points, X=X), X, T, theta, arguments, method, held_out))


def _start(state: State, net: Network) -> Array:
    """Draw the start, in the precision that it is trained in; methods of SciPy's compute in float64."""
    dtype = "float64" if state.training.optimizer in METHODS else state.training.precision
    return net.initial_theta(as_generator(state.training.seed), dtype=dtype)


def _checked(problem: Problem) -> Problem:
    """Refuse, in the engine's own sentence, arguments that do not go together."""
    if problem.method is None:
        epochs(problem.net, problem.X, problem.T, problem.theta, engine="textbook", **problem.arguments)
    return problem


def targets(points: Points, output: messages.Output) -> Array:
    """Return T for an output: one column of 0 and 1 or of ±1, a column a class, or the numbers themselves."""
    if not points.n_classes:
        return points.T
    signed = output.loss in SIGNED or output.activation == "tanh"
    if points.n_classes == 2 and output.activation != "softmax":
        T = points.T.astype(np.float64)[:, np.newaxis]
    else:
        T = one_hot(points.T, points.n_classes)
    return 2.0 * T - 1.0 if signed else T


def network_of(state: State, n_features: int, n_outputs: int) -> Network:
    """Build the network of a state."""
    hidden = [
        Dense(
            one.units, _part(Activation, one.activation), one.bias,
            weight_init=_part(Initializer, one.weight_init), bias_init=_part(Initializer, one.bias_init),
            dropout=one.dropout,
        )
        for one in state.layers
    ]  # fmt: skip
    last = state.output
    output = Dense(
        n_outputs, _part(Activation, last.activation), last.bias,
        weight_init=_part(Initializer, last.weight_init), bias_init=_part(Initializer, last.bias_init),
    )  # fmt: skip
    return Network([*hidden, output], n_features, _part(Loss, last.loss), input_dropout=state.input_dropout)


def optimizer_of(state: State, net: Network) -> Optimizer:
    """Return the optimizer of a state; of units that are frozen it moves nothing."""
    training = state.training
    if training.optimizer not in OPTIMIZERS:
        raise unknown_name("optimizer", training.optimizer, (*OPTIMIZERS, *METHODS))
    rate = engine_settings.schedule_of(training.learning_rate, training.schedule, training.schedule_settings)
    made: Optimizer = engine_settings.made(
        OPTIMIZERS, "optimizer", training.optimizer, training.optimizer_settings, rate
    )
    return freezing(made, frozen_mask(state, net)) if state.frozen else made


def frozen_mask(state: State, net: Network) -> Array:
    """Return 1 for every parameter that learns and 0 for those of frozen units: their incoming weights and bias."""
    mask = np.ones(net.n_parameters)
    views = net.views(mask)
    for layer, unit in state.frozen:
        if not (1 <= layer <= len(views) and unit < net.layers[layer - 1].n_outputs):
            raise InvalidValue(f"There is no unit {unit + 1} in layer {layer} to freeze.")
        W, b = views[layer - 1]
        W[:, unit] = 0.0
        if b is not None:
            b[unit] = 0.0
    return mask


def freezing(inner: Optimizer, mask: Array) -> Optimizer:
    """Return an optimizer that moves only where the mask is 1."""

    def update(grad: Array, state: Any, theta: Array) -> tuple[Array, Any]:
        moved, state = inner.update(grad, state, theta)
        return np.where(mask, moved, theta), state

    at_rate = inner.at_rate
    return Optimizer(
        f"{inner.name}, some units frozen", inner.init, update, inner.schedule,
        None if at_rate is None else lambda rate: freezing(at_rate(rate), mask),
    )  # fmt: skip


def _arguments(state: State, net: Network, held_out: tuple[Array, Array] | None) -> tuple[str | None, dict[str, Any]]:
    """Return SciPy's method or None, and the arguments by name."""
    training = state.training
    given: dict[str, Any] = {"l2": training.l2, "l1": training.l1, "stop": engine_settings.rules_of(training.stop)}
    if any(one.get("of") == "validation_loss" for one in training.stop.values()):
        if held_out is None:
            raise InvalidValue("There is no validation loss to watch: hold a share of the data out first.")
        given["validation"] = held_out
    if training.optimizer in METHODS:
        _check_method(state, net)
        return training.optimizer, {**given, "max_iterations": training.max_epochs}
    check_given_gradient(state, "a mistake" if state.mistake else "")
    given |= {"optimizer": optimizer_of(state, net), "max_epochs": training.max_epochs}
    given |= {"batch_size": training.batch_size, "random_state": training.seed}
    return None, {**given, "max_gradient_norm": training.max_gradient_norm, "average_from": training.average_from}


def _check_method(state: State, net: Network) -> None:
    """Refuse what a method of SciPy's cannot do."""
    name, given = state.training.optimizer, state.training.optimizer_settings
    for what, there in (("dropout", net.has_dropout), ("frozen units", state.frozen), ("a mistake", state.mistake)):
        if there:
            raise InvalidValue(f"Cannot use {name} with {what}: choose a descent, sgd or adam.")
    if given:
        raise InvalidValue(f"{name} has no setting {next(iter(given))!r}. It has none.")


def check_given_gradient(state: State, what: str) -> None:
    """Refuse what a gradient of somebody else's knows nothing of: dropout, and the penalty Σ |W|."""
    dropped = state.input_dropout or any(layer.dropout for layer in state.layers)
    for other, there in (("dropout", dropped), ("L1", state.training.l1)):
        if what and there:
            raise InvalidValue(f"Cannot use {what} with {other}: its gradient knows nothing of it. Set {other} to 0.")


# --- labs -------------------------------------------------------------------------------------------------------------


def lab_task(name: str, task: str, seed: int) -> Task:
    """Return a lab's training with its defaults, its data and its start drawn by the seed."""
    lab = labs.load(name) if name in labs.LABS else None
    if lab is None:
        raise InvalidValue(f"There is no lab {name!r}. Those there are: {', '.join(labs.names())}.")
    config = {**labs.settings.configure(lab.name, lab.settings, {}), "as_printed": False, "engine": "auto"}
    runs = lab.run_names(config)
    if task and task not in runs:
        raise InvalidValue(f"The lab {name} has no run {task!r}. Those there are: {', '.join(runs)}.")
    return lab.task(config, as_generator(seed), task or runs[0])


def lab_state(name: str, task: str = "") -> State:
    """Return a lab's setting as a state."""
    made = lab_task(name, task, 0)
    net, given = made.net, made.training
    chosen = given.get("optimizer", "sgd")
    training = messages.Training(
        optimizer=made.method or (chosen if isinstance(chosen, str) else chosen.name),
        learning_rate=float(given.get("learning_rate", 0.3)),
        batch_size=given.get("batch_size"),
        l2=float(given.get("l2", 0.0)),
        l1=float(given.get("l1", 0.0)),
        max_epochs=min(made.cap, 1_000_000),
        stop={engine_settings.rule_name(one): vars(one) for one in given.get("stop", ())},
    )
    data = messages.Data(source="lab", name=name, task=made.name)
    return state_of(messages.State(data=data, training=training), net)


def state_of(state: State, net: Network) -> State:
    """Return a state with the layers of a network."""
    hidden = [
        messages.Layer(
            one.n_outputs, one.activation.name, one.bias, one.weight_init.name, one.bias_init.name, one.dropout
        )
        for one in net.layers[:-1]
    ]
    last = net.layers[-1]
    output = messages.Output(last.activation.name, net.loss.name, last.bias, last.weight_init.name, last.bias_init.name)
    return replace_state(state, layers=hidden, output=output, input_dropout=net.input_dropout)


def _of_lab(state: State) -> Problem:
    """A lab's data with the state's network; the lab's own start and arguments while the state is the lab's."""
    task = lab_task(state.data.name, state.data.task, state.training.seed)
    X, T, net = np.asarray(task.X, np.float64), np.asarray(task.T), task.net
    T = net.targets(T, len(X))
    points = lab_points(task, X, T)
    own = lab_state(state.data.name, state.data.task)
    own = replace_state(own, training=msgspec.structs.replace(own.training, seed=state.training.seed))
    if state == own:
        return Problem(
            state, net, points, X, T, task.theta, dict(task.training), task.method, task.test, given_start=True
        )
    if (state.layers, state.output) != (own.layers, own.output):
        T = targets(points, state.output) if points.n_classes else T
        net = network_of(state, X.shape[1], T.shape[1])
        T = net.targets(T, len(X))
    theta = task.theta.astype(state.training.precision) if net == task.net else _start(state, net)
    method, arguments = _arguments(state, net, task.test)
    problem = Problem(state, net, points, X, T, theta, arguments, method, task.test, given_start=net == task.net)
    return _checked(problem)


def lab_points(task: Task, X: Array, T: Array) -> Points:
    """Read classes off a lab's targets, to colour its points."""
    features = tuple(f"x{j + 1}" for j in range(X.shape[1]))
    values = np.unique(T)
    if T.shape[1] > 1 and set(values) <= {0.0, 1.0}:
        return Points(X, T.argmax(axis=1), features, tuple(str(k) for k in range(T.shape[1])))
    if T.shape[1] == 1 and len(values) == 2 and task.score == "accuracy":
        return Points(X, (T[:, 0] == values[1]).astype(np.intp), features, tuple(f"{value:g}" for value in values))
    return Points(X, T, features)
