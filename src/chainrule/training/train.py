"""Train: what is learned by gradient descent. ``epochs`` shows every epoch, ``train`` runs to the end."""

from __future__ import annotations

import inspect
import numbers
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np

from chainrule.errors import InvalidValue, check_count, check_number
from chainrule.network.compiled_objective import CompiledObjective
from chainrule.network.engine_choice import check_engine, is_compiled, textbook_seconds
from chainrule.network.inputs import as_generator
from chainrule.streams.stream import Stream, is_dask
from chainrule.training.batches import check_batch_size
from chainrule.training.compiled_steps import CompiledSteps, recipe_of
from chainrule.training.keeping import check_checkpoint
from chainrule.training.loop import Training
from chainrule.training.optimizers import Optimizer, as_optimizer
from chainrule.training.problem import Validation, prepare, validation_objective
from chainrule.training.progress import ProgressBar
from chainrule.training.textbook_steps import TextbookSteps

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.network.engine_choice import Engine
    from chainrule.network.inputs import RandomStateLike
    from chainrule.network.network import Network
    from chainrule.network.objective import Objective
    from chainrule.training.keeping import KeepsTraining
    from chainrule.training.run import Run
    from chainrule.training.schedules import Schedule
    from chainrule.training.stopping import Callbacks, Stop


def _kinds(streams: bool) -> tuple[Any, Any, Any, Any]:
    """Return the steps of the textbook, those of the compiled engine, its objective, and the loop over the epochs."""
    if not streams:
        return TextbookSteps, CompiledSteps, CompiledObjective.of, Training
    from chainrule.training.streamed import (  # noqa: PLC0415  # for streams alone: a twentieth of a fresh process
        StreamedCompiledSteps,
        StreamedTextbookSteps,
        StreamedTraining,
        as_compiled,
    )

    return StreamedTextbookSteps, StreamedCompiledSteps, as_compiled, StreamedTraining


def epochs(
    net: Network,
    X: npt.ArrayLike | Stream,
    T: npt.ArrayLike | None = None,
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
    checkpoint: KeepsTraining | None = None,
) -> Training:
    """Train a network epoch by epoch: iterate over what this returns, then read its ``run``.

    Parameters
    ----------
    net, X, T, theta and the arguments by name
        As for :func:`train`, which is this loop run to its end.

    Returns
    -------
    Training
        An iterable of :class:`Epoch`; its ``run`` is the run so far.

    Raises
    ------
    InvalidValue, MissingLibrary
        As :func:`train` does.

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
    streams = isinstance(X, Stream)
    textbook_steps, compiled_steps, as_compiled, loop = _kinds(streams)
    problem = _prepared(net, X, T, theta, l2, l1, sample_weight, batch_size, generator, validation)
    n_samples, objective, start, held_out = problem
    n_epochs, size = check_count("max_epochs", max_epochs), check_batch_size(batch_size, n_samples)
    chosen = as_optimizer(optimizer, learning_rate)
    longest = None if max_gradient_norm is None else check_number("max_gradient_norm", max_gradient_norm, above=0)
    seconds = textbook_seconds(net, n_samples, size or n_samples, n_epochs)
    compiled = is_compiled(engine, net, seconds, None if recipe_of(chosen) else "an optimizer of your own")
    if compiled:
        objective, held_out = as_compiled(objective), None if held_out is None else as_compiled(held_out)
    size = n_samples if streams and size is None else size
    of_engine = compiled_steps if compiled else textbook_steps
    steps = of_engine(objective, start, chosen, generator, batch_size=size, clip=longest)
    training: Training = loop(
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
    _keep(training, checkpoint, stop, theta, validation, random_state)
    return training


def _prepared(
    net: Network,
    X: npt.ArrayLike | Stream,
    T: npt.ArrayLike | None,
    theta: npt.ArrayLike | None,
    l2: float,
    l1: float,
    sample_weight: npt.ArrayLike | None,
    batch_size: int | None,
    generator: Generator,
    validation: Validation,
) -> tuple[int, Objective, Array, Objective | None]:
    """Return how many samples train, the objective on them, the start, and the loss of those that are held out."""
    if isinstance(X, Stream):
        for name, given in (("T", T), ("sample_weight", sample_weight)):
            if given is not None:
                raise InvalidValue(f"{name} cannot go with a stream, which brings its targets along: leave it out.")
        if batch_size is None:
            raise InvalidValue("A stream is trained on in batches: set batch_size, such as batch_size=200.")
        from chainrule.training.streamed import prepare_stream  # noqa: PLC0415  # for streams alone

        share = validation if isinstance(validation, numbers.Real) else None
        whole, start, held_out = prepare_stream(net, X, theta, l2, l1, generator, share)
        if share is None:
            return whole.n_rows, whole, start, validation_objective(net, validation, start.dtype)
        return whole.n_rows, whole, start, held_out
    if isinstance(X, str | Path) or is_dask(X):
        raise InvalidValue("X does not lie in memory: open it, train(net, chainrule.stream(X, T), batch_size=200).")
    if T is None:
        raise InvalidValue("T is missing: pass the targets beside X.")
    objective, start = prepare(net, X, T, theta, l2, l1, sample_weight, generator)
    return len(objective.X), objective, start, validation_objective(net, validation, start.dtype)


def _keep(
    training: Training,
    checkpoint: KeepsTraining | None,
    stop: Stop,
    theta: npt.ArrayLike | None,
    validation: Validation,
    random_state: RandomStateLike,
) -> None:
    """Let a run on a stream be kept, and go on where it was; arrays that were given are told by their numbers."""
    check_checkpoint(checkpoint)
    if checkpoint is None:
        return
    from chainrule.streams.source import checksum  # noqa: PLC0415  # for what is kept of a stream alone
    from chainrule.training.streamed import StreamedTraining  # noqa: PLC0415

    if not isinstance(training, StreamedTraining):
        raise InvalidValue(
            "checkpoint goes with a stream: train(net, chainrule.stream(X, T), batch_size=200, checkpoint=...)."
        )
    start = None if theta is None else checksum(np.asarray(theta))
    pair = [checksum(np.asarray(one)) for one in validation] if isinstance(validation, tuple | list) else validation
    training.keep_in(checkpoint, stop, random_state=random_state, start=start, validation=pair)


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
    checkpoint: KeepsTraining | None


def train(
    net: Network,
    X: npt.ArrayLike | Stream,
    T: npt.ArrayLike | None = None,
    theta: npt.ArrayLike | None = None,
    *,
    progress: bool = True,
    **options: Unpack[Options],
) -> Run:
    """Train a network by gradient descent, θ ← θ − η ∂/∂θ [mean loss + l2 Σ W² + l1 Σ |W|], and its relatives.

    Parameters
    ----------
    net : Network
    X : array (n_samples, n_features), or Stream
        What :func:`chainrule.stream` opens is read a window at a time; it brings T along, and needs a ``batch_size``.
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
    validation : (X_val, T_val) or a number from 0 to 1, optional
        Held-out data, whose loss is recorded. A number is the share of a stream's rows that are held out, by a hash of
        their numbers: the same rows for every ``random_state``.
    random_state : int, generator or None
        For the start and for the order of the samples.
    progress : bool
        Whether a bar may appear on a terminal, after two seconds.
    engine : "auto", "textbook" or "compiled"
        Who computes: the NumPy that one can read, or the same compiled by numba, equal to rounding and many times
        faster. Auto takes the compiled one for what would take the other some tenths of a second, as reckoned from
        shapes and epochs; parts of your own (activations, losses, optimizers) are the textbook's.
    checkpoint : Checkpoint, optional
        Of a run on a stream: it is kept after every epoch, and the same call goes on from there, to the bit. The epoch
        that was kept last is shown to callbacks again. ``max_epochs`` and ``engine`` may be another.

    Returns
    -------
    Run
        Ctrl-C returns the run so far, with status ``"stopped"``.

    Raises
    ------
    InvalidValue
        Where a value is outside its bounds, arrays do not fit the network, or two arguments cannot go together.
    MissingLibrary
        Where ``engine="compiled"`` is asked for and numba is not installed.

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
