"""The result of a task: the run, what became of it, and how well it reads its samples."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.labs import predictions
from chainrule.labs.outcomes import Outcome, dead_units, has_relus, outcome
from chainrule.models.network_description import describe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chainrule.labs.task import Task
    from chainrule.maths.arrays import Array
    from chainrule.training.run import Run


@dataclass(frozen=True)
class Snapshot:
    """Parameters kept on the way: before the update of epoch ``number`` (on the whole data), with their loss."""

    number: int
    loss: float
    theta: Array = field(repr=False)


@dataclass(frozen=True)
class TaskResult:
    """One training of a lab and what came of it. For targets that are numbers the accuracies are R².

    Attributes
    ----------
    task : Task
    run : Run
    train_accuracy : float
    test_accuracy : float or None
        None without held-out data.
    snapshots : tuple of Snapshot
        Parameters kept on the way.
    seconds : float
    extras : dict
        What the lab reports beside what all labs do.
    log : tuple of str
        The lines printed on the way.
    film : tuple of Snapshot
        Parameters on the way for an animation, where one was asked for.
    """

    task: Task = field(repr=False)
    run: Run
    train_accuracy: float
    test_accuracy: float | None
    snapshots: tuple[Snapshot, ...] = field(repr=False)
    seconds: float
    extras: Mapping[str, Any] = field(default_factory=dict, repr=False)
    log: tuple[str, ...] = field(default=(), repr=False)
    film: tuple[Snapshot, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """The run's name."""
        return self.task.name

    @property
    def cap(self) -> int:
        """How many epochs it was allowed."""
        return self.task.cap

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        return outcome(self.task, self.run)

    @property
    def dead_units(self) -> list[int]:
        """How many ReLUs of each hidden layer are 0 on every training sample."""
        return dead_units(self.task.net, self.run.theta, self.task.X)

    def brief(self) -> dict[str, Any]:
        """Return how it went, without its curves."""
        run = self.run
        return {
            "name": self.name,
            "status": run.status,
            "message": run.message,
            "outcome": asdict(self.outcome),
            "epochs": run.epochs,
            "cap": self.cap,
            "loss": run.loss,
            "score": self.task.score,
            "accuracy": {"train": self.train_accuracy, "test": self.test_accuracy},
            **({"dead_units": self.dead_units} if has_relus(self.task.net) else {}),
            **self.extras,
            "seconds": round(self.seconds, 3),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return everything that results.json says of this run."""
        task = self.task
        return {
            **self.brief(),
            "n_train": len(task.X),
            "n_test": 0 if task.test is None else len(task.test[0]),
            "network": describe(task.net),
            "training": predictions.training(task),
            **predictions.answers(task, self.run.theta),
            "log": list(self.log),
            "on_the_way": [_told(task, kept) for kept in self.snapshots],
            "history": {name: values.tolist() for name, values in self.run.history.items()},
        }


def _told(task: Task, kept: Snapshot) -> dict[str, Any]:
    """Return of parameters kept on the way how large each layer's weights and activations are: root mean squares."""
    weights = [float(np.sqrt(np.mean(np.square(W)))) for W, _ in task.net.views(kept.theta)]
    activations = [float(np.sqrt(np.mean(np.square(A)))) for A in task.net.forward(kept.theta, task.X).A[1:]]
    return {"epoch": kept.number, "loss": kept.loss, "weights": weights, "activations": activations}
