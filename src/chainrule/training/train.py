"""Train: the epochs. One loop, as a generator (``epochs``) and run to its end (``train``)."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue, check_count, check_number
from chainrule.maths.arrays import quietly
from chainrule.network.dropout import draw_masks
from chainrule.network.inputs import as_generator
from chainrule.training.averaging import Average
from chainrule.training.batches import check_batch_size, shuffled_batches
from chainrule.training.clipping import clipped
from chainrule.training.journal import Journal
from chainrule.training.optimizers import Optimizer, as_optimizer
from chainrule.training.problem import Validation, prepare, validation_objective
from chainrule.training.progress import ProgressBar, describe_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.network.dropout import Masks
    from chainrule.network.inputs import RandomStateLike
    from chainrule.network.network import Network
    from chainrule.network.objective import Evaluation, Objective
    from chainrule.training.run import Epoch, Run
    from chainrule.training.schedules import Schedule
    from chainrule.training.stopping import Stop


class Training(Journal):
    """A run under way: iterate over it for its epochs; ``run`` is what there is so far, at any time.

    ``cr.epochs`` makes one and ``cr.train`` runs one to its end. The loop is ``__iter__``, and there is no other.
    """

    def __init__(
        self,
        objective: Objective,
        theta: Array,
        optimizer: Optimizer,
        *,
        n_epochs: int,
        batch_size: int | None,
        stop: Stop,
        validation: Objective | None,
        generator: Generator,
        clip: float | None,
        average_from: int | None,
    ) -> None:
        super().__init__(objective, theta, stop, validation)
        self.optimizer = optimizer
        self.n_epochs = n_epochs
        self.batch_size = batch_size
        self.generator = generator
        self.clip = clip
        self.average_from = average_from
        self._check_average()
        self.average: Average | None = None
        self.pace = None if optimizer.schedule is None else optimizer.schedule.begin(n_epochs)
        self.rates: list[float] = []
        if self.pace is not None:
            self.history["learning_rate"] = []
        self._seed = int.from_bytes(generator.bytes(8), "little") if objective.net.has_dropout else 0  # of the masks
        self._n_updates = 0
        self._at_rate = optimizer  # as it is in this epoch
        self.state = optimizer.init(theta)
        self._start = self._finite_theta = theta  # the last parameters at which loss and gradient were finite

    def _check_average(self) -> None:
        """A run ends with one theta: the mean of them or the best, not both."""
        if self.average_from is not None and self.rules.best is not None:
            raise InvalidValue(
                "Cannot use average_from with no_improvement(of='validation_loss'): one returns the mean of the "
                "parameters, the other the best of them. Leave one out."
            )

    def __iter__(self) -> Iterator[Epoch]:
        """Train epoch after epoch and show each: on the whole data before its update, with mini-batches after them.

        A loop that was left goes on where it was when one iterates again.
        """
        for values in self.history.values():
            del values[self.done :]
        for number in range(self.done, self.n_epochs):
            self._set_rate(number)
            size = self.batch_size
            measured = self._whole() if size is None else self._mini_batches(size)
            if not self._is_finite(measured):
                return self._end_non_finite(number)
            epoch = self.record(self._look(number, measured))
            self.done += self.batch_size is not None
            if reason := self.rules.criterion(epoch):
                return self.end("converged", reason)
            yield epoch
            if reason := self.rules.callback(epoch):
                return self.end("stopped", reason)
            if self.batch_size is None:
                self._update(measured)
                self.done += 1
        return self._end_at_maximum()

    def _is_finite(self, measured: Evaluation) -> bool:
        """Whether all numbers are: an infinite weight can hide behind a saturated unit, whose loss is finite."""
        return measured.is_finite and bool(np.isfinite(self.theta).all())

    def _set_rate(self, number: int) -> None:
        """Ask the schedule for the epoch's rate, once."""
        if self.pace is None or self.optimizer.at_rate is None or len(self.rates) > number:
            return
        losses = self.history["loss"]
        rate = self.pace(number, losses[-1] if losses else None)
        self.rates.append(check_number("The schedule's learning rate", rate, at_least=0))
        self._at_rate = self.optimizer.at_rate(self.rates[number])

    @quietly
    def _update(self, measured: Evaluation) -> None:
        gradient = measured.gradient if self.clip is None else clipped(measured.gradient, self.clip)
        self._finite_theta = self.theta
        self._n_updates += 1
        self.theta, self.state = self._at_rate.update(gradient, self.state, self.theta)
        if self.average_from is not None and self.done >= self.average_from:
            self.average = Average(self.theta) if self.average is None else self.average.including(self.theta)

    def _masks(self, n_samples: int) -> Masks:
        """Draw what this update drops; the same update always drops the same."""
        return draw_masks(self.objective.net, n_samples, self._seed, self._n_updates, self.theta.dtype)

    def _whole(self) -> Evaluation:
        """Measure all samples at once."""
        return self.objective.evaluate(self.theta, self._masks(len(self.objective.X)))

    def _mini_batches(self, batch_size: int) -> Evaluation:
        """Update once a batch; the mean of what was measured on the way, or what was not finite."""
        loss = objective = 0.0
        for X, T, shares, weight in shuffled_batches(self.objective, batch_size, self.generator):
            measured = self.objective.evaluate_batch(self.theta, X, T, shares, self._masks(len(X)))
            if not self._is_finite(measured):
                return measured
            loss += weight * measured.loss
            objective += weight * measured.objective
            self._update(measured)
        return measured._replace(loss=loss, objective=objective)

    def _look(self, number: int, measured: Evaluation) -> Epoch:
        """Show the current parameters; the outputs of a mini-batch, or under dropout, are not those of all."""
        whole = self.batch_size is None and not self.objective.net.has_dropout
        theta, X, net = self.theta, self.objective.X, self.objective.net
        rate = self.rates[number] if number < len(self.rates) else None
        return self.look(number, measured, lambda: measured.Y if whole else net.predict(theta, X), rate)

    def choose(self) -> tuple[Array, str]:
        """Return the average, if there is one with a finite loss, else what any run would return."""
        theta, message = super().choose()
        average = self.average
        if average is None or self.status == "non_finite" or not math.isfinite(self.objective.loss(average.theta)):
            return theta, message
        which = f" theta is the mean of {average.count}, one an update from epoch {self.average_from} on."
        return average.theta, message + which

    def _end_non_finite(self, number: int) -> None:
        self._fall_back()
        self.end(
            "non_finite",
            f"Loss or gradient became NaN or infinite in epoch {number}; theta is the last at which they were finite. "
            "Try a smaller learning rate, or scale the inputs.",
        )

    def _fall_back(self) -> None:
        """Return to the last finite parameters, or to the start if they were so for a mini-batch, not for all data."""
        self.theta = self._finite_theta
        if not math.isfinite(self.objective.loss(self.theta)):
            self.theta = self._start

    def _end_at_maximum(self) -> None:
        """All epochs are done: look at the last parameters too, which no epoch has shown."""
        measured = self.objective.evaluate(self.theta)
        if not self._is_finite(measured):
            return self._end_non_finite(self.n_epochs)
        if self.batch_size is None and (reason := self.rules.criterion(self._look(self.n_epochs, measured))):
            return self.end("converged", reason)
        unmet = " and no criterion was met" if self.rules.watches else ""
        return self.end("max_epochs", f"All {self.n_epochs} epochs were trained{unmet}.")

    def finish(self, bar: ProgressBar, each: Callable[[Epoch], object] | None = None) -> Run:
        """Run to the end, or to Ctrl-C, showing each epoch to the bar and to ``each``; return the run so far."""
        try:
            for epoch in self:
                if each is not None:
                    each(epoch)
                bar.show(epoch.number, partial(describe_epoch, epoch))
        except KeyboardInterrupt:
            if not math.isfinite(self.objective.loss(self.theta)):
                self._fall_back()
            self.end("stopped", f"Ctrl-C after {self.done} epochs; this is the run so far.")
        return self.run


def epochs(
    net: Network,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    theta: npt.ArrayLike | None = None,
    *,
    optimizer: str | Optimizer = "sgd",
    learning_rate: float | Schedule | None = None,
    epochs: int = 20000,
    batch_size: int | None = None,
    l2: float = 0.0,
    l1: float = 0.0,
    sample_weight: npt.ArrayLike | None = None,
    clip: float | None = None,
    average_from: int | None = None,
    stop: Stop = None,
    validation: Validation = None,
    random_state: RandomStateLike = None,
) -> Training:
    """Train a network epoch by epoch: iterate over what this returns, then read its ``run``.

    The arguments are those of :func:`train`, which is this loop run to its end.

    Examples
    --------
    >>> from chainrule import Dense, Network, datasets
    >>> X, T = datasets.xor_easy()
    >>> net = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> training = epochs(net, X, T, epochs=3, random_state=0)
    >>> for epoch in training:
    ...     print(epoch.number, round(epoch.loss, 4))
    0 0.7304
    1 0.7131
    2 0.704
    >>> training.run.status
    'max_epochs'
    """
    generator = as_generator(random_state)
    objective, start = prepare(net, X, T, theta, l2, l1, sample_weight, generator)
    return Training(
        objective,
        start,
        as_optimizer(optimizer, learning_rate),
        n_epochs=check_count("epochs", epochs),
        batch_size=check_batch_size(batch_size, len(objective.X)),
        stop=stop,
        validation=validation_objective(net, validation, start.dtype),
        generator=generator,
        clip=None if clip is None else check_number("clip", clip, above=0),
        average_from=None if average_from is None else check_count("average_from", average_from, at_least=0),
    )


def train(
    net: Network,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    theta: npt.ArrayLike | None = None,
    *,
    optimizer: str | Optimizer = "sgd",
    learning_rate: float | Schedule | None = None,
    epochs: int = 20000,
    batch_size: int | None = None,
    l2: float = 0.0,
    l1: float = 0.0,
    sample_weight: npt.ArrayLike | None = None,
    clip: float | None = None,
    average_from: int | None = None,
    stop: Stop = None,
    validation: Validation = None,
    random_state: RandomStateLike = None,
    progress: bool = True,
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
    epochs : int
        The maximum.
    batch_size : int, optional
        Samples an update, shuffled anew each epoch; without one every update sees the whole data.
    l2, l1 : float ≥ 0
        Penalties on weights, not on biases.
    sample_weight : array (n_samples,), optional
    clip : float > 0, optional
        The longest gradient: one with a larger norm, penalties included, is shortened to it.
    average_from : int, optional
        From this epoch on the parameters after every update are averaged, and the mean is the run's theta (Polyak
        and Juditsky 1992). Rules for stopping look at the parameters themselves.
    stop : rule, function of an epoch, or list of them
        ``loss_below(0.01)``, ``accuracy_reached(1.0)``, ``no_improvement(10, of="validation_loss")``; a function
        stops the run by returning True or a reason.
    validation : (X_val, T_val), optional
        Held-out data, whose loss is recorded.
    random_state : int, generator or None
        For the start and for the order of the samples.
    progress : bool
        Whether a bar may appear on a terminal, after two seconds.

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
    training = _start_epochs(
        net,
        X,
        T,
        theta,
        optimizer=optimizer,
        learning_rate=learning_rate,
        epochs=epochs,
        batch_size=batch_size,
        l2=l2,
        l1=l1,
        sample_weight=sample_weight,
        clip=clip,
        average_from=average_from,
        stop=stop,
        validation=validation,
        random_state=random_state,
    )
    with ProgressBar("training", training.n_epochs, enabled=progress) as bar:
        return training.finish(bar)


_start_epochs = epochs  # inside train the name is the number of epochs
