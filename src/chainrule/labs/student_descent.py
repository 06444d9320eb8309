"""Training by a student's functions: a descent in the submission's process, or SciPy's methods on their loss."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import ChainruleError
from chainrule.labs.student_parameters import labels_of, parts_of, sizes_of
from chainrule.labs.student_steps import Chunk, advance
from chainrule.sandbox.parcel import packed
from chainrule.training.accuracy import accuracy
from chainrule.training.run import Epoch, Run
from chainrule.training.stopping import AccuracyReached, LossBelow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.labs.task import Task
    from chainrule.maths.arrays import Array
    from chainrule.sandbox.loaded_file import LoadedFile
    from chainrule.training.run import Status

CHUNK_SECONDS = 0.5  # between two looks at the clock
ENDINGS: dict[str, tuple[Status, str]] = {
    "loss": ("converged", "The loss of your functions is below the threshold."),
    "accuracy": ("converged", "Your functions read as many training points right as were asked for."),
    "non_finite": ("non_finite", "The loss of your functions is no finite number any more."),
    "": ("max_epochs", "All epochs that were asked for, with your functions."),
}


class StudentDescent:
    """A descent with a student's functions, in chunks of epochs that take about half a second."""

    def __init__(self, loaded: LoadedFile, kind: str, task: Task) -> None:
        parcel = packed(advance, Chunk)
        if parcel is None:
            raise ChainruleError("The loop of training cannot be sent to a submission's process.")
        self.loaded, self.task, self.parcel, self.parts = loaded, task, parcel, parts_of(kind, task.net)
        self.theta, self.before = task.theta, task.theta
        self.losses: list[float] = []
        self.validation: list[float] = []
        given = task.training
        rules = given.get("stop", ())
        part = given.get("validation")
        self.job = {
            "kind": kind,
            "rate": given["learning_rate"],
            "batch_size": given.get("batch_size"),
            "X": task.X,
            "T": labels_of(kind, task.net, task.T),
            "stop_loss": next((rule.threshold for rule in rules if isinstance(rule, LossBelow)), None),
            "stop_accuracy": next((rule.target for rule in rules if isinstance(rule, AccuracyReached)), None),
            "validation": [part[0], labels_of(kind, task.net, part[1])] if part else [],
        }
        loaded.module.chainrule_stream = given.get("random_state") or np.random.RandomState(0)

    def run(self, show: Callable[[int], None], each: Callable[[Epoch], None], shows: Callable[[int], bool]) -> Run:
        """Descend until a rule is met or all epochs are done; the loss where it ends is measured once more."""
        pace = 1
        while True:
            at, cap = len(self.losses), self.task.cap
            next_shown = next((k for k in range(at + 1, at + pace) if shows(k)), at + pace)
            began = time.monotonic()
            chunk = self._chunk(min(next_shown, cap) - at or 1, measured=at == cap)
            if len(chunk.losses) and shows(at):
                each(_epoch(self.task, at, chunk.losses[0], self.theta, self.losses))
            if chunk.ended or at == cap:
                return self._ended(chunk)
            self._go_on(chunk)
            show(len(self.losses))
            faster = CHUNK_SECONDS / max(time.monotonic() - began, 1e-3)
            pace = max(1, int(pace * min(4.0, faster)))

    def _chunk(self, epochs: int, *, measured: bool) -> Chunk:
        """Let the student's process do some epochs."""
        self.loaded.session.begin(1e9)
        state, before = self.parts.state(self.theta), self.parts.state(self.before)
        now = {"state": state, "before": before, "epochs": epochs, "measured": measured}
        self.loaded.module.chainrule_job = {**self.job, **now}
        chunk = Chunk(*self.loaded.run(self.parcel))
        return chunk._replace(losses=np.ravel(chunk.losses).tolist())

    def _go_on(self, chunk: Chunk) -> None:
        self.losses += chunk.losses
        self.validation += np.ravel(chunk.validation).tolist()
        self.theta, self.before = self.parts.theta(chunk.state), self.parts.theta(chunk.before)

    def _ended(self, chunk: Chunk) -> Run:
        """Put the run together; after a loss that was not finite it is that of the parameters before."""
        if chunk.ended == "non_finite":
            self._go_on(chunk._replace(state=chunk.before))
        else:
            self._go_on(chunk)
        status, message = ENDINGS[chunk.ended]
        loss = self.losses[-1] if self.losses else float("nan")
        history = {"loss": np.array(self.losses[:-1]), "objective": np.array(self.losses[:-1])}
        if self.job["validation"]:
            history["validation_loss"] = np.array(self.validation[: len(self.losses) - 1])
        return Run(self.theta, history, status, message, loss, max(0, len(self.losses) - 1))


def _epoch(task: Task, number: int, loss: float, theta: Array, losses: Sequence[float]) -> Epoch:
    share = partial(accuracy, task.net, theta, task.X, task.T)
    return Epoch(number, loss, loss, theta, {"loss": losses}, measure_accuracy=share)


def minimised(loaded: LoadedFile, task: Task, each: Callable[[Epoch], None]) -> Run:
    """Let SciPy minimise what the student's ``fun`` returns, loss and gradient."""
    from scipy import optimize

    module, (sizes, activation), lam = loaded.module, sizes_of(task.net), task.training["l2"]
    t = labels_of("minimize", task.net, task.T)
    losses: list[float] = []
    objectives: list[float] = []

    def fun(theta: Array) -> tuple[float, Array]:
        loaded.session.begin(1e9)
        value, gradient = module.fun(theta, task.X, t, sizes, lam, activation)
        return float(value), np.asarray(gradient, dtype=np.float64)

    def measure(theta: Array) -> None:
        loss = float(module.loss(np.array(theta), task.X, t, sizes, 0.0, activation))
        each(_epoch(task, len(losses), loss, np.array(theta), list(losses)))
        losses.append(loss)
        objectives.append(loss + float(module.penalty(np.array(theta), sizes, lam)))

    measure(task.theta)
    found = optimize.minimize(
        fun, np.array(task.theta), jac=True, method=task.method, callback=measure, options={"maxiter": task.cap}
    )
    finite = bool(np.isfinite(found.x).all() and np.isfinite(found.fun))
    status: Status = "non_finite" if not finite else "converged" if found.success else "failed"
    if finite and not found.success and found.nit >= task.cap:
        status = "max_epochs"
    history = {"loss": np.array(losses[:-1]), "objective": np.array(objectives[:-1])}
    return Run(found.x, history, status, str(found.message), losses[-1], len(losses) - 1)
