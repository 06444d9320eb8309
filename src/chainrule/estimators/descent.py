"""The descent: scikit-learn's loop over shuffled mini-batches, when it stops, and what chainrule adds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import gen_batches

from chainrule.errors import InvalidValue, warn
from chainrule.estimators.checked_inputs import refuse_too_large
from chainrule.estimators.compiled_epoch import Standing, job_of, train_epoch
from chainrule.estimators.solvers import SETTINGS, optimizer_of
from chainrule.maths.arrays import quietly
from chainrule.network.dropout import draw_masks
from chainrule.training.averaging import Average
from chainrule.training.clipping import clipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.estimators.samples import Places, Samples
    from chainrule.estimators.scaled_objective import PenalizedLoss
    from chainrule.estimators.streamed_samples import StreamedSamples
    from chainrule.maths.arrays import Array
    from chainrule.network.compiled_objective import CompiledJob
    from chainrule.training.optimizers import Recipe

LEAST_RATE = 1e-6  # below which an adaptive rate stops, as in scikit-learn


@dataclass
class Memory:
    """What a descent remembers between its epochs: the optimizer's state, the rate, and where the masks are."""

    state: Any
    rate: float
    pace: Any = None  # of a schedule
    epochs: int = 0  # trained with it
    updates: int = 0
    mask_seed: int = 0
    average: Average | None = None
    settings: Any = None  # the estimator's when this began: the optimizer is theirs
    order: Places | None = None  # of the samples, as the last epoch left it
    last_theta: Array | None = None  # where the descent was, if the best or the mean was taken instead
    taken_theta: Array | None = None  # that best, or that mean
    best_theta: Array | None = None
    least_loss: float = math.inf  # of the epochs so far
    known: dict[str, Array] = field(default_factory=dict)  # weights to go back to, and what they are called
    held_out_seed: int = 0  # of the hash that says which rows of a stream validate


def _settings(mlp: Any) -> SimpleNamespace:
    return SimpleNamespace(**{name: getattr(mlp, name) for name in SETTINGS})


def _arrays(state: Any) -> list[Array]:
    """What an optimizer remembers as arrays: none, one, or those of a tuple."""
    return [part for part in (state if isinstance(state, tuple) else (state,)) if isinstance(part, np.ndarray)]


class Diverged(Exception):
    """No error of the caller's: raised inside an epoch whose loss or parameters are not finite."""


class Descent:
    """Epochs of an estimator on samples: what ``fit`` and ``partial_fit`` run.

    The estimator is the scikit-learn object whose settings hold and whose fitted attributes are written;
    ``validate`` scores a theta on held-out samples, or is None.
    """

    def __init__(
        self,
        mlp: Any,
        loss: PenalizedLoss,
        samples: Samples | StreamedSamples,
        validate: Callable[[Array], float] | None,
        *,
        compiled: bool,
    ) -> None:
        self.mlp = mlp
        self.loss = loss
        self.samples = samples
        self.validate = validate
        self.began_at = 0  # the epoch
        self.memory: Memory = mlp._memory if mlp._memory is not None else self._begin()
        if mlp.warm_start == "continue":
            self._take_settings()
        self.optimizer = optimizer_of(self.memory.settings, self.memory.rate)
        self.compiled = compiled
        self._job: tuple[Samples, CompiledJob] | None = None
        taken = self.memory.taken_theta  # by value: joblib.load makes two arrays of one
        if mlp.warm_start == "continue" and taken is not None and np.array_equal(mlp.theta_, taken):
            mlp.theta_ = self.memory.last_theta

    def _take_settings(self) -> None:
        """Go on under the settings as they are now: without "continue", partial_fit keeps the first, as elsewhere."""
        mlp, memory = self.mlp, self.memory
        was, now = memory.settings, _settings(mlp)
        if was.solver != now.solver or bool(was.momentum) != bool(now.momentum):
            what = "solver" if was.solver != now.solver else "momentum"
            raise InvalidValue(
                f"Cannot go on with {what}={getattr(now, what)!r} where {getattr(was, what)!r} stopped: it remembers "
                "other things. Use warm_start=True, which forgets them."
            )
        if was.learning_rate_init != now.learning_rate_init:
            memory.rate = float(now.learning_rate_init)
        memory.settings = now

    def _begin(self) -> Memory:
        """Return a memory with nothing in it."""
        mlp = self.mlp
        rate, pace = float(mlp.learning_rate_init), None
        if hasattr(mlp.learning_rate, "begin"):  # a schedule
            pace = mlp.learning_rate.begin(mlp.max_iter)
            rate = float(pace(0, None))
        seed = int.from_bytes(mlp._random_state.bytes(8), "little") if self.loss.net.has_dropout else 0
        settings = _settings(mlp)
        return Memory(optimizer_of(settings, rate).init(mlp.theta_), rate, pace, mask_seed=seed, settings=settings)

    def run(self, n_epochs: int, *, alone: bool, each: Callable[[int], bool]) -> None:
        """Train so many epochs, or until it stops; ``alone`` is one epoch of partial_fit, which never stops.

        ``each`` is called after every epoch with its number and says whether to stop.
        """
        mlp = self.mlp
        mlp._memory, mlp.n_iter_ = self.memory, self.began_at
        if not alone and not self.began_at:
            self.memory.known, self.memory.least_loss = {}, math.inf
        size, order = self._batch_size(), self._order()
        self.memory.order = order
        has_ended = self.began_at > 0 and self._stalled()  # a checkpoint is written before that is asked
        try:
            for number in range(n_epochs if has_ended else self.began_at, n_epochs):
                began = mlp.theta_, self.memory.average, self.memory.updates
                try:
                    order = self.memory.order = self._epoch(order, size)
                except Diverged as diverged:
                    mlp.theta_, self.memory.average, self.memory.updates = began
                    self._go_back(number, str(diverged))
                    break
                mlp.n_iter_ += 1
                self._keep(began[0])
                self._look()
                if each(number) or self._stalled() or alone:
                    break
                if mlp.n_iter_ == n_epochs:
                    message = "Stochastic Optimizer: Maximum iterations (%d) reached and the optimization hasn't "
                    warn((message + "converged yet.") % n_epochs, ConvergenceWarning)
        except KeyboardInterrupt:
            vars(mlp).setdefault("loss_", math.nan)  # in the first epoch, which has none yet
            warn("Training interrupted by user.")
        self.memory.known = self.memory.known if alone else {}
        self._finish()

    def _order(self) -> Any:
        """The order to shuffle on from: as they are, or where a training that is continued left them."""
        known = self.memory.order
        if self.mlp.warm_start == "continue" and known is not None and len(known) == len(self.samples):
            return known
        return self.samples.first_order()

    def _batch_size(self) -> int:
        n_samples, size = len(self.samples), self.mlp.batch_size
        if isinstance(size, str):
            return min(200, n_samples)
        if size > n_samples:
            warn("Got `batch_size` less than 1 or larger than sample size. It is going to be clipped")
        return int(np.clip(size, 1, n_samples))

    def _epoch(self, order: Places, size: int) -> Places:
        """Go once through the samples, batch by batch, and return the order they had."""
        mlp = self.mlp
        self._set_rate()
        deal = mlp._random_state.permutation if mlp.shuffle else None  # sklearn.utils.shuffle's, in a tenth of its time
        order = self.samples.next_order(order, deal)
        sums = []
        for samples, places in self.samples.parts(order, size, deal):
            n_rows = len(samples) if places is None else len(places)
            train = self._compiled_batches if self.compiled else self._batches
            sums.append((train(samples, places, n_rows, size), n_rows))
        told = sums[0][0] if len(sums) == 1 else sum(part * n for part, n in sums) / len(self.samples)
        if not np.isfinite(mlp.theta_).all():
            raise Diverged("the weights became NaN or infinite")
        if not all(np.isfinite(part).all() for part in _arrays(self.memory.state)):
            raise Diverged(f"what {self.memory.settings.solver} remembers of the gradients became infinite")
        self.memory.epochs += 1
        mlp.loss_ = told
        mlp.t_ += len(self.samples)
        mlp.loss_curve_.append(mlp.loss_)
        if mlp.verbose:
            print(f"Iteration {mlp.n_iter_ + 1}, loss = {mlp.loss_:.8f}")  # noqa: T201  # what verbose means
        return order

    @quietly
    def _batches(self, samples: Samples, places: Places | None, n_rows: int, size: int) -> float:
        """Update once a batch of these places, of all in order where they are None; return the mean loss before."""
        total = 0.0
        for place in gen_batches(n_rows, size):
            batch = samples.take(place if places is None else places[place])
            if batch.total != 0:  # a batch of no weight says nothing
                total += self._update(batch) * (place.stop - place.start)
        return total / n_rows

    def _job_of(self, samples: Samples) -> CompiledJob:
        """The engine's view of samples, made once as long as they are the same."""
        if self._job is None or self._job[0] is not samples:
            recipe = cast("Recipe", self.optimizer.recipe)
            self._job = samples, job_of(self.loss, samples, recipe.name, self.samples.largest_weight)
        return self._job[1]

    def _compiled_batches(self, samples: Samples, places: Places | None, n_rows: int, size: int) -> float:  # noqa: ARG002
        """Do the same by the compiled engine."""
        mlp, memory, rows = self.mlp, self.memory, samples.rows
        if rows is not None:
            places = rows if places is None else rows[places]
        led, told, well = train_epoch(
            self._job_of(samples),
            Standing(mlp.theta_, memory.state, memory.average, memory.updates),
            cast("Recipe", self.optimizer.recipe),
            places,
            batch_size=size,
            clip=mlp.max_gradient_norm,
            seed=memory.mask_seed,
            averaging=self._is_averaging(),
        )
        if not math.isfinite(told):
            raise Diverged(f"the loss became {told}")
        if not well:
            raise Diverged("the weights became NaN or infinite")
        mlp.theta_, memory.state, memory.average, memory.updates = led
        return told

    def _evaluate(self, batch: Any) -> tuple[float, Array]:
        """Return the loss of a batch and its gradient, penalty included."""
        memory = self.memory
        masks = draw_masks(self.loss.net, len(batch.X), memory.mask_seed, memory.updates, batch.X.dtype)
        return self.loss.evaluate(self.mlp.theta_, batch, masks)

    def _is_averaging(self) -> bool:
        """Whether the parameters of this epoch's updates are averaged."""
        return self.mlp.average_from is not None and self.memory.epochs >= self.mlp.average_from

    def _update(self, batch: Any) -> float:
        """Take one step, and return the loss before it."""
        mlp, memory = self.mlp, self.memory
        loss, gradient = self._evaluate(batch)
        if not math.isfinite(loss):
            raise Diverged(f"the loss became {loss}")
        if mlp.max_gradient_norm is not None:
            gradient = clipped(gradient, mlp.max_gradient_norm)
        mlp.theta_, memory.state = self.optimizer.update(gradient, memory.state, mlp.theta_)
        memory.updates += 1
        if self._is_averaging():
            known = memory.average
            memory.average = Average(mlp.theta_) if known is None else known.including(mlp.theta_)
        return loss

    def _set_rate(self) -> None:
        """Take the schedule's rate, where there is one."""
        memory = self.memory
        if memory.pace is not None:
            last = self.mlp.loss_curve_[-1] if self.mlp.loss_curve_ else None
            self._change_rate(float(memory.pace(memory.epochs, last)))

    def _change_rate(self, rate: float) -> None:
        if rate != self.memory.rate:
            self.memory.rate = rate
            self.optimizer = optimizer_of(self.memory.settings, rate)

    def _look(self) -> None:
        """Score, count epochs without an improvement, and let an inverse scaling go on."""
        mlp = self.mlp
        if self.validate is not None:
            self._score(self.validate(mlp.theta_))
        else:
            self._count(mlp.loss_curve_[-1] > mlp.best_loss_ - mlp.tol)
            mlp.best_loss_ = min(mlp.best_loss_, mlp.loss_curve_[-1])
        began = self.memory.settings
        if began.solver == "sgd" and began.learning_rate == "invscaling":
            self._change_rate(float(began.learning_rate_init) / (mlp.t_ + 1) ** began.power_t)

    def _score(self, score: float) -> None:
        mlp = self.mlp
        mlp.validation_scores_.append(score)
        if mlp.verbose:
            print(f"Validation score: {score:f}")  # noqa: T201
        if mlp.early_stopping:
            self._count(not score >= mlp.best_validation_score_ + mlp.tol)  # of NaN neither holds, and it is no better
        else:
            self._count(mlp.loss_curve_[-1] > mlp.best_loss_ - mlp.tol)
            mlp.best_loss_ = min(mlp.best_loss_, mlp.loss_curve_[-1])
        if score > mlp.best_validation_score_:
            mlp.best_validation_score_ = score
            self.memory.best_theta = mlp.theta_

    def _count(self, no_better: bool) -> None:
        self.mlp._no_improvement_count = self.mlp._no_improvement_count + 1 if no_better else 0

    def _stalled(self) -> bool:
        """Whether too many epochs brought nothing; an adaptive rate is lowered first."""
        mlp = self.mlp
        if mlp._no_improvement_count <= mlp.n_iter_no_change:
            return False
        what = "Validation score" if mlp.early_stopping else "Training loss"
        message = f"{what} did not improve more than tol={mlp.tol:f} for {mlp.n_iter_no_change} consecutive epochs."
        began = self.memory.settings
        adaptive = began.solver == "sgd" and isinstance(began.learning_rate, str) and began.learning_rate == "adaptive"
        if adaptive and self.memory.rate > LEAST_RATE:
            self._change_rate(self.memory.rate / 5.0)
            self._say(f"{message} Setting learning rate to {self.memory.rate:f}")
            mlp._no_improvement_count = 0
            return False
        self._say(f"{message} {'Learning rate too small. ' if adaptive else ''}Stopping.")
        return True

    def _say(self, message: str) -> None:
        if self.mlp.verbose:
            print(message)  # noqa: T201

    def _keep(self, before: Array) -> None:
        """Keep the weights around the epoch with the least loss: a loss is that on the way from one to the other."""
        mlp, memory = self.mlp, self.memory
        memory.known.setdefault("of the start", before)
        if mlp.loss_ < memory.least_loss:
            memory.least_loss = mlp.loss_
            memory.known |= {"before the best epoch": before, "after the best epoch": mlp.theta_}

    def _go_back(self, number: int, what: str) -> None:
        """After a divergence take the weights with the least loss on all samples, and let the optimizer begin anew."""
        mlp, memory = self.mlp, self.memory
        if not memory.epochs:
            for part in self.samples.in_memory():
                refuse_too_large(X=part.X, y=part.T)
        known = {"of the start": mlp.theta_, **memory.known}
        if memory.best_theta is not None:
            known = {"of the start": known["of the start"], "of the best validation score": memory.best_theta}
        if memory.average is not None:
            known["that are the mean"] = memory.average.theta
        losses = {name: self._loss_of_all(theta) for name, theta in known.items()}
        best = min(losses, key=lambda name: (math.isnan(losses[name]), losses[name]))
        mlp.theta_, mlp.loss_ = known[best], losses[best]
        memory.best_theta = None if memory.best_theta is None else mlp.theta_
        memory.state, memory.average = self.optimizer.init(mlp.theta_), None
        warn(
            f"Training diverged in epoch {number + 1}: {what}. The best finite weights are kept, those {best}, with a "
            f"loss of {mlp.loss_:.3g}. Scale the inputs (StandardScaler), or lower "
            f"learning_rate_init={mlp.learning_rate_init:g}.",
            ConvergenceWarning,
        )

    def _loss_of_all(self, theta: Array) -> float:
        return self.loss.evaluate_all(theta, self.samples)[0]

    def _finish(self) -> None:
        """Take the best theta, or the mean of them, where it was asked for."""
        mlp = self.mlp
        memory, taken = self.memory, None
        if mlp.early_stopping and memory.best_theta is not None:
            taken = memory.best_theta
        elif mlp.average_from is not None and memory.average is not None:
            taken = memory.average.theta
        if taken is not None:
            memory.last_theta, memory.taken_theta, mlp.theta_ = mlp.theta_, taken, taken.copy()
