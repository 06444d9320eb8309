"""Train: what is learned by gradient descent. ``epochs`` shows every epoch, ``train`` runs to the end."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, TypedDict, Unpack

from chainrule.errors import check_count, check_number
from chainrule.network.compiled_objective import CompiledObjective
from chainrule.network.engine_choice import check_engine, is_compiled, textbook_seconds
from chainrule.network.inputs import as_generator
from chainrule.training.batches import check_batch_size
from chainrule.training.compiled_steps import CompiledSteps, recipe_of
from chainrule.training.loop import Training
from chainrule.training.optimizers import Optimizer, as_optimizer
from chainrule.training.problem import Validation, prepare, validation_objective
from chainrule.training.progress import ProgressBar
from chainrule.training.textbook_steps import TextbookSteps

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.network.engine_choice import Engine
    from chainrule.network.inputs import RandomStateLike
    from chainrule.network.network import Network
    from chainrule.training.run import Run
    from chainrule.training.schedules import Schedule
    from chainrule.training.steps import Steps
    from chainrule.training.stopping import Callbacks, Stop


def epochs(
    net: Network,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    theta: npt.ArrayLike | None = None,
    *,
    optimizer: str | Optimizer = "sgd",
    learning_rate: float | Schedule | None = None,
    max_epochs: int = 20000,
    batch_size: int | None = None,
    l2: float = 0.0,
    l1: float = 0.0,
    sample_weight: npt.ArrayLike | None = None,
    max_gradient_norm: float | None = None,
    average_from: int | None = None,
    stop: Stop = None,
    callback: Callbacks = None,
    validation: Validation = None,
    random_state: RandomStateLike = None,
    engine: Engine = "auto",
) -> Training:
    """Train a network epoch by epoch: iterate over what this returns, then read its ``run``.

    The arguments are those of :func:`train`, which is this loop run to its end.

    Examples
    --------
    >>> from chainrule import Dense, Network, datasets
    >>> X, T = datasets.xor_easy()
    >>> net = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> training = epochs(net, X, T, max_epochs=3, random_state=0)
    >>> for epoch in training:
    ...     print(epoch.number, round(epoch.loss, 4))
    0 0.7304
    1 0.7131
    2 0.704
    >>> training.run.status
    'max_epochs'
    """
    check_engine(engine)
    generator = as_generator(random_state)
    objective, start = prepare(net, X, T, theta, l2, l1, sample_weight, generator)
    n_epochs, size = check_count("max_epochs", max_epochs), check_batch_size(batch_size, len(objective.X))
    chosen, held_out = as_optimizer(optimizer, learning_rate), validation_objective(net, validation, start.dtype)
    longest = None if max_gradient_norm is None else check_number("max_gradient_norm", max_gradient_norm, above=0)
    seconds = textbook_seconds(net, len(objective.X), size or len(objective.X), n_epochs)
    steps: Steps
    if is_compiled(engine, net, seconds, None if recipe_of(chosen) else "an optimizer of your own"):
        objective = given = CompiledObjective.of(objective)
        held_out = None if held_out is None else CompiledObjective.of(held_out)
        steps = CompiledSteps(given, start, chosen, generator, batch_size=size, clip=longest)
    else:
        steps = TextbookSteps(objective, start, chosen, generator, batch_size=size, clip=longest)
    return Training(
        objective,
        steps,
        chosen,
        n_epochs=n_epochs,
        batch_size=size,
        stop=stop,
        callback=callback,
        validation=held_out,
        average_from=None if average_from is None else check_count("average_from", average_from, at_least=0),
    )


class Options(TypedDict, total=False):
    """The arguments of :func:`epochs` that have a name, for type checkers: :func:`train` hands them on."""

    optimizer: str | Optimizer
    learning_rate: float | Schedule | None
    max_epochs: int
    batch_size: int | None
    l2: float
    l1: float
    sample_weight: npt.ArrayLike | None
    max_gradient_norm: float | None
    average_from: int | None
    stop: Stop
    callback: Callbacks
    validation: Validation
    random_state: RandomStateLike
    engine: Engine


def train(
    net: Network,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    theta: npt.ArrayLike | None = None,
    *,
    progress: bool = True,
    **options: Unpack[Options],
) -> Run:
    """Train a network by gradient descent, θ ← θ − η ∂/∂θ [mean loss + l2 Σ W² + l1 Σ |W|], and its relatives.

    Parameters
    ----------
    net : Network
    X : array (n_samples, n_features)
    T : array (n_samples, n_outputs), or (n_samples,) for a single output
    theta : array (n_parameters,), optional
        The start; without one it is drawn from the layers' initialisers. float32 trains in float32.
    optimizer : "sgd", "adam", "adamw", "rmsprop", "adagrad" or an Optimizer
        ``sgd(0.1, momentum=0.9, nesterov=True)``, ``adam(…)`` and so on make one with all its parameters.
    learning_rate : float or schedule, optional
        For an optimizer given by name; without one it is 0.3 for sgd, 0.01 for adagrad, 0.001 for the others. A
        schedule, such as ``schedules.cosine(0.3)``, gives every epoch its own, and ``history["learning_rate"]``.
    max_epochs : int
    batch_size : int, optional
        Samples an update, shuffled anew each epoch; without one every update sees the whole data.
    l2, l1 : float ≥ 0
        Penalties on weights, not on biases.
    sample_weight : array (n_samples,), optional
    max_gradient_norm : float > 0, optional
        A gradient with a larger norm, penalties included, is shortened to it.
    average_from : int, optional
        From this epoch on the parameters after every update are averaged, and the mean is the run's theta (Polyak
        and Juditsky 1992). Rules for stopping look at the parameters themselves.
    stop : rule or list of rules, optional
        ``loss_below(0.01)``, ``accuracy_reached(1.0)``, ``no_improvement(10, of="validation_loss")``.
    callback : function of an epoch, or list of functions, optional
        It sees every epoch, and stops the run by returning True or a reason.
    validation : (X_val, T_val), optional
        Held-out data, whose loss is recorded.
    random_state : int, generator or None
        For the start and for the order of the samples.
    progress : bool
        Whether a bar may appear on a terminal, after two seconds.
    engine : "auto", "textbook" or "compiled"
        Who computes: the NumPy that one can read, or the same compiled by numba, equal to rounding and many times
        faster. Auto takes the compiled one for what would take the other some tenths of a second, as reckoned from
        shapes and epochs; parts of one's own (activations, losses, optimizers) are the textbook's.

    Returns
    -------
    Run
        Ctrl-C returns the run so far, with status ``"stopped"``.

    Examples
    --------
    >>> from chainrule import Dense, Network, datasets, loss_below
    >>> X, T = datasets.xor_easy()
    >>> net = Network([Dense(10, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> run = train(net, X, T, learning_rate=1.0, stop=loss_below(0.01), random_state=0)
    >>> run.status, run.loss < 0.01
    ('converged', True)
    """
    training = epochs(net, X, T, theta, **options)
    with ProgressBar("training", training.n_epochs, enabled=progress) as bar:
        return training.finish(bar)


def _signature() -> inspect.Signature:
    """Return what ``help(train)`` shows: the arguments of ``epochs`` by name, and the bar's."""
    given = inspect.signature(epochs).parameters.values()
    bar = inspect.signature(train).parameters["progress"]
    return inspect.Signature([*given, bar], return_annotation="Run")


train.__signature__ = _signature()  # type: ignore[attr-defined]
