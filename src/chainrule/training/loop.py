"""The loop over the epochs: one for both engines, as a generator and run to its end."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from chainrule.errors import InvalidValue, check_number
from chainrule.training.journal import Journal
from chainrule.training.progress import describe_epoch, describe_loss
from chainrule.training.schedules import is_foreseeable
from chainrule.training.steps import is_finite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.maths.arrays import Array
    from chainrule.network.objective import Evaluation, Objective
    from chainrule.training.optimizers import Optimizer
    from chainrule.training.progress import ProgressBar
    from chainrule.training.run import Epoch, Run
    from chainrule.training.steps import Blocks, Steps
    from chainrule.training.stopping import Callbacks, Stop


class Training(Journal):
    """A run under way: iterate over it for its epochs.

    ``cr.epochs`` makes one and ``cr.train`` runs one to its end. The loop is ``_epochs``, and there is no other.

    Attributes
    ----------
    run : Run
        The run so far, at any time.
    theta : array (n_parameters,)
        Where it stands.
    history : dict of lists
        What was measured, one entry an epoch.
    """

    def __init__(
        self,
        objective: Objective,
        steps: Steps,
        optimizer: Optimizer,
        *,
        n_epochs: int,
        batch_size: int | None,
        stop: Stop,
        callback: Callbacks,
        validation: Objective | None,
        average_from: int | None,
    ) -> None:
        super().__init__(objective, steps.theta, stop, callback, validation)
        self.steps = steps
        self.optimizer = optimizer
        self.n_epochs = n_epochs
        self.batch_size = batch_size
        self.average_from = average_from
        self._check_average()
        self.pace = None if optimizer.schedule is None else optimizer.schedule.begin(n_epochs)
        self.rates: list[float] = []
        if self.pace is not None:
            self.history["learning_rate"] = []
        self._at_rate = optimizer  # as it is in this epoch
        self._start = steps.theta

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
        return self._epochs(shows=lambda number: True)  # noqa: ARG005

    def _epochs(self, shows: Callable[[int], bool], bar: ProgressBar | None = None) -> Iterator[Epoch]:
        """Train, and show those epochs that are to be shown; the compiled engine runs through the others at once."""
        for values in self.history.values():
            del values[self.done :]
        while self.done < self.n_epochs:
            number = self.done
            blocks = self.steps.blocks
            if blocks is not None and (ahead := self._unseen(shows, blocks.longest_block)):
                if self._run_through(blocks, ahead):
                    return None
                if bar is not None:
                    bar.show(self.done, partial(describe_loss, self.history["loss"][-1]))
                continue
            self._begin_epoch(number)
            measured = self.steps.measure() if self.batch_size is None else self.steps.mini_batches()
            self.theta = self.steps.theta
            if not is_finite(measured, self.theta):
                return self._end_non_finite(number)
            epoch = self.record(self._look(number, measured))
            self.done += self.batch_size is not None
            if reason := self._judge(epoch):
                return self.end("converged", reason)
            yield epoch
            if reason := self.rules.callback(epoch):
                return self.end("stopped", reason)
            if self.batch_size is None:
                self.steps.update()
                self.theta = self.steps.theta
                self.done += 1
        return self._end_at_maximum()

    def _judge(self, epoch: Epoch) -> str | None:
        """Return why a rule ends the run at an epoch, if one does."""
        return self.rules.criterion(epoch)

    def _unseen(self, shows: Callable[[int], bool], longest: int) -> int:
        """How many epochs from here on nobody looks at, so that they can be trained in one call; 0 if it is but one."""
        if self.validation is not None or not self.rules.at_losses_alone:
            return 0
        last = self.n_epochs
        if self.average_from is not None and self.done < self.average_from:
            last = min(last, self.average_from)
        last = min(last, self.done + (longest if is_foreseeable(self.pace) else 1))
        ahead = next((number for number in range(self.done, last) if shows(number)), last) - self.done
        return ahead if ahead > 1 else 0

    def _run_through(self, blocks: Blocks, n_epochs: int) -> bool:
        """Train epochs without looking at any; return whether the run has ended."""
        rates = []
        for number in range(self.done, self.done + n_epochs):
            self._begin_epoch(number)
            rates.append(blocks.rate)
        block = blocks.block(rates)
        found = self.rules.first(block.losses.tolist())
        done = len(block.losses) if found is None else found[0] + (self.batch_size is not None)
        if found is not None:
            blocks.go_back(done)
        self.theta = self.steps.theta
        for name, values in (("loss", block.losses), ("objective", block.objectives), ("learning_rate", rates)):
            if name in self.history:
                self.history[name].extend(float(value) for value in values[:done])
        self.done += done
        if found is not None:
            self.end("converged", found[1])
        elif not block.well:
            self._end_non_finite(self.done)
        return found is not None or not block.well

    def _begin_epoch(self, number: int) -> None:
        """Ask the schedule for the epoch's rate, once, and hand it on."""
        if self.pace is not None and self.optimizer.at_rate is not None and len(self.rates) <= number:
            losses = self.history["loss"]
            rate = self.pace(number, losses[-1] if losses else None)
            self.rates.append(check_number("The schedule's learning rate", rate, at_least=0))
            self._at_rate = self.optimizer.at_rate(self.rates[number])
        averaging = self.average_from is not None and number >= self.average_from
        self.steps.begin_epoch(self._at_rate, averaging=averaging)

    def _look(self, number: int, measured: Evaluation) -> Epoch:
        """Show the current parameters; the outputs of a mini-batch, or under dropout, are not those of all."""
        whole = self.batch_size is None and not self.objective.net.has_dropout
        theta, Y = self.theta, measured.Y if whole else None
        rate = self.rates[number] if number < len(self.rates) else None
        return self.look(number, measured, lambda: self.objective.outputs(theta) if Y is None else Y, rate)

    def choose(self) -> tuple[Array, str]:
        """Return the average, if there is one with a finite loss, else what any run would return."""
        theta, message = super().choose()
        average = self.steps.average
        if average is None or self.status == "non_finite" or not math.isfinite(self.loss_at(average.theta)):
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
        self.theta = self.steps.finite_theta
        if not math.isfinite(self.loss_at(self.theta)):
            self.theta = self._start

    def _end_at_maximum(self) -> None:
        """All epochs are done: look at the last parameters too, which no epoch has shown."""
        if self.batch_size is not None:
            if not math.isfinite(self.loss_at(self.theta)):
                return self._end_non_finite(self.n_epochs)
        else:
            measured = self.objective.evaluate(self.theta)
            if not is_finite(measured, self.theta):
                return self._end_non_finite(self.n_epochs)
            self.remember_loss(self.theta, measured.loss)
            if reason := self.rules.criterion(self._look(self.n_epochs, measured)):
                return self.end("converged", reason)
        unmet = " and no criterion was met" if self.rules.watches else ""
        return self.end("max_epochs", f"All {self.done} epochs were trained{unmet}.")

    def finish(
        self,
        bar: ProgressBar,
        each: Callable[[Epoch], object] | None = None,
        shows: Callable[[int], bool] | None = None,
    ) -> Run:
        """Run to the end, or to Ctrl-C, and return the run so far.

        ``each`` sees those epochs whose number ``shows`` says yes to, and without it all of them.
        """
        wanted = shows if shows is not None else (lambda number: each is not None)  # noqa: ARG005
        try:
            for epoch in self._epochs(wanted, bar):
                if each is not None and wanted(epoch.number):
                    each(epoch)
                bar.show(epoch.number, partial(describe_epoch, epoch))
        except KeyboardInterrupt:
            if not math.isfinite(self.loss_at(self.theta)):
                self._fall_back()
            self.end("stopped", f"Ctrl-C after {self.done} epochs; this is the run so far.")
        return self.run
