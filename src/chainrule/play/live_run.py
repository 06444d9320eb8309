"""A live run: the engine's training in a thread, which shows moments, waits, steps, and stops when it is told to."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chainrule.errors import ChainruleError
from chainrule.play.other_gradients import GivenGradient
from chainrule.training.compiled_steps import CompiledSteps
from chainrule.training.minimize import minimize
from chainrule.training.progress import ProgressBar
from chainrule.training.textbook_steps import TextbookSteps
from chainrule.training.train import epochs

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.maths.arrays import Array
    from chainrule.play.built_problem import Problem
    from chainrule.training.loop import Training
    from chainrule.training.run import Epoch

FRAME = 1 / 35  # seconds between two moments at full speed
MOST_MOMENTS = 400  # of a curve
MOST_PLACES = 100  # of a path
FOREVER = 2**62
GROWTH = 1.2  # of the epochs between two moments: the first of them can be seen, and after a second it is at full speed


class _Halted(Exception):
    """No error: the run is wanted no more."""


@dataclass(frozen=True, eq=False)
class Moment:
    """Where a run stood: after ``done`` epochs, at theta."""

    done: int
    loss: float
    held_out_loss: float
    theta: Array


class LiveRun:
    """A run under way in a thread of its own.

    Attributes
    ----------
    problem : Problem
    moment : Moment
        The latest that was seen.
    curve : list of (epoch, loss, held-out loss)
        Of moments that were seen, thinned where they are many: the first and the latest are among them.
    lowest : (epoch, loss)
        The lowest loss of all epochs, seen or not.
    path : list of (epoch, theta)
    message : str
        How it ended, "" before.
    engine : "textbook" or "compiled"
    """

    def __init__(self, problem: Problem, given: Callable[..., Array] | None = None) -> None:
        self.problem = problem
        self.given = given
        self.engine = "textbook"
        self.curve: list[tuple[int, float, float]] = []
        self.lowest = (0, math.inf)
        self.path: list[tuple[int, Array]] = []
        self.message = ""
        self.pace = 0
        self.speed = 0.0
        self._changed = threading.Condition()
        self._until = 0
        self._next = 0
        self._stride = 1
        self._closed = False
        self._seen_at = time.perf_counter()
        self.moment = self._look(0, self._loss(problem.theta), problem.theta)
        self._note()
        self._thread = threading.Thread(target=self._work, daemon=True, name="chainrule play")
        self._thread.start()

    @property
    def playing(self) -> bool:
        """Whether it moves, or would."""
        return not self.message and self._until > self.moment.done

    def go(self, until: int) -> None:
        """Run until that many epochs are done; what lies behind it stays as it is."""
        with self._changed:
            self._until = until
            self._next = min(self._next, until)
            self._changed.notify_all()

    def close(self) -> None:
        """End it for good, and wait until the thread has gone."""
        with self._changed:
            self._closed = True
            self._next = 0
            self._changed.notify_all()
        self._thread.join(timeout=10)

    def wait(self, done: int, seconds: float) -> bool:
        """Wait until so many epochs are done or it has ended."""
        with self._changed:
            return self._changed.wait_for(lambda: self.moment.done >= done or bool(self.message), seconds)

    def _loss(self, theta: Array) -> float:
        return self.problem.net.data_loss(theta, self.problem.X, self.problem.T)

    def _look(self, done: int, loss: float, theta: Array) -> Moment:
        held_out = self.problem.held_out
        other = math.nan if held_out is None else self.problem.net.data_loss(theta, *held_out)
        return Moment(done, loss, other, theta.copy())

    def _note(self) -> None:
        """Keep the moment for curve and path, every second one where they are long."""
        moment = self.moment
        if self.curve and self.curve[-1][0] >= moment.done:
            return
        self.curve.append((moment.done, moment.loss, moment.held_out_loss))
        self.path.append((moment.done, moment.theta))
        if len(self.curve) > MOST_MOMENTS:
            self.curve = self.curve[::2]
        if len(self.path) > MOST_PLACES:
            self.path = self.path[::2]

    def _compare(self, done: int, loss: float) -> None:
        if loss < self.lowest[1]:
            self.lowest = (done, loss)

    def _work(self) -> None:
        try:
            self._pause_at(0)
            run = self._minimized() if self.problem.method else self._descended()
            self._compare(run.epochs, run.loss)
            self._show(run.epochs, run.loss, run.theta)
            self.message = run.message
        except _Halted:
            return
        except ChainruleError as error:
            self.message = str(error)
        except Exception as error:  # a part of the user's own may raise anything: the page says what
            self.message = f"The run ended: {type(error).__name__}: {error}"
        with self._changed:
            self._changed.notify_all()

    def _descended(self) -> Any:
        training = self.training()
        self.engine = "compiled" if isinstance(training.steps, CompiledSteps) else "textbook"
        offset = int(training.batch_size is not None)
        forget = self._forgetting(training, offset)

        def each(epoch: Epoch) -> None:
            forget()
            self._show(epoch.number + offset, epoch.loss, epoch.theta)
            self._pause_at(epoch.number + offset)

        with ProgressBar("", 0, enabled=False) as bar:
            return training.finish(bar, each, lambda number: number + offset >= self._next)

    def _forgetting(self, training: Training, offset: int) -> Callable[[], None]:
        """Return what drops the history but for its last entry: a run may go on for hours, the page has its curve."""
        dropped = 0

        def forget() -> None:
            nonlocal dropped
            losses = training.history["loss"]
            lowest = min(losses)
            self._compare(dropped + losses.index(lowest) + offset, lowest)
            dropped += len(losses) - 1
            for values in training.history.values():
                del values[:-1]

        return forget

    def training(self) -> Training:
        """Return the engine's training, with somebody else's gradient where one is given."""
        problem = self.problem
        training = epochs(
            problem.net, problem.X, problem.T, problem.theta, engine="textbook" if self.given else "auto",
            **problem.arguments,
        )  # fmt: skip
        if self.given is not None and isinstance(training.steps, TextbookSteps):
            objective = training.objective
            training.steps.objective = training.objective = GivenGradient(
                objective.net, objective.X, objective.T, objective.shares, objective.l2, objective.l1, self.given
            )
        return training

    def _minimized(self) -> Any:
        problem = self.problem

        def callback(epoch: Epoch) -> None:
            self._compare(epoch.number, epoch.loss)
            self._show(epoch.number, epoch.loss, epoch.theta)
            self._pause_at(epoch.number)

        return minimize(
            problem.net, problem.X, problem.T, problem.theta, method=problem.method or "", callback=callback,
            progress=False, **problem.arguments,
        )  # fmt: skip

    def _show(self, done: int, loss: float, theta: Array) -> None:
        now = time.perf_counter()
        passed = max(done - self.moment.done, 0)
        took = max(now - self._seen_at, 1e-9)
        if passed:
            self.speed = passed / took if not self.speed else 0.7 * self.speed + 0.3 * passed / took
            growth = GROWTH if self._until == FOREVER else 2.0
            self._stride = max(1, min(math.ceil(growth * self._stride), int(passed * FRAME / took)))
        moment = self._look(done, loss, theta)
        with self._changed:
            self.moment = moment
            self._note()
            self._changed.notify_all()

    def _pause_at(self, done: int) -> None:
        """Wait while no more is asked for, and say when to look next."""
        with self._changed:
            if self.pace and not self._closed:
                self._changed.wait_for(lambda: self._closed or self._until <= done, FRAME)
            self._changed.wait_for(lambda: self._closed or self._until > done)
            if self._closed:
                raise _Halted
            self._next = min(self._until, done + (self.pace or self._stride))
            self._seen_at = time.perf_counter()
