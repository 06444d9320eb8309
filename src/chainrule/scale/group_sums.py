"""Group sums: what a worker computes of some groups of rows, each read where it is, and how sums are added."""

from __future__ import annotations

import pickle
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.estimators.compiled_epoch import job_of, measure_all
from chainrule.estimators.samples import Batch, Samples
from chainrule.estimators.streaming import weights_of
from chainrule.kernels.threads import ALONE, matched_to
from chainrule.network.dropout import draw_masks
from chainrule.scale.row_groups import tree_sum

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.estimators.scaled_objective import PenalizedLoss
    from chainrule.maths.arrays import Array
    from chainrule.scale.row_groups import Group
    from chainrule.streams.source import Source

OF_THE_CLIENT = (  # what a worker needs not know of an estimator
    "theta_", "_memory", "_parts", "_random_state", "loss_curve_", "validation_scores_",
)  # fmt: skip


@dataclass(frozen=True)
class GroupJob:
    """What is the same for all groups: where the rows are, how y is read, what each label weighs, and the loss."""

    source: Source
    reader: Any
    of_label: dict[Any, float] | None
    loss: PenalizedLoss
    compiled: bool
    mask_seed: int = 0

    def batch(self, group: Group, dtype: Any) -> Batch:
        """Read a group's rows."""
        parts = [self.source.read(start, stop) for start, stop in group]
        X = np.concatenate([X for X, _ in parts], dtype=dtype)
        y = np.concatenate([y for _, y in parts])
        weight = None if self.of_label is None else weights_of(y, self.of_label)
        return Batch(X, self.reader._targets(y, dtype), weight)

    def measure(self, theta: Array, batch: Batch, place: int) -> tuple[float, Array]:
        """Return the mean loss of a batch, without a penalty, and its gradient; ``place`` numbers its masks."""
        if self.compiled:
            return measure_all(job_of(self.loss, Samples(batch.X, batch.T, batch.weight)), theta)
        masks = draw_masks(self.loss.net, len(batch.X), self.mask_seed, place, theta.dtype)
        return self.loss.evaluate(theta, batch, masks)


def reader_of(mlp: Any) -> Any:
    """Return an estimator without what it has learned, which reads y as it does."""
    reader = copy(mlp)
    for name in OF_THE_CLIENT:
        vars(reader).pop(name, None)
    return reader


class Sums(NamedTuple):
    """Of some rows: the sum of their weights, of their losses, and of their losses' gradients."""

    weight: float
    loss: float
    gradient: Array


def added(one: Sequence[Any], other: Sequence[Any]) -> tuple[Any, ...]:
    """Add two tuples, member by member."""
    return tuple(a + b for a, b in zip(one, other, strict=True))


def add_all(parts: Sequence[Sequence[Any]]) -> Any:
    """Add tuples by the tree of pairs."""
    return tree_sum(parts, added)


def packed(description: Any) -> bytes:
    """Return what is the same for all tasks as bytes; functions that have no module go by their code.

    Dask's scheduler unpickles what a task is given, and would open files that only workers see.
    """
    import cloudpickle  # noqa: PLC0415  # Dask's own

    data: bytes = cloudpickle.dumps(description)
    return data


@lru_cache(maxsize=4)
def unpacked(packed: bytes) -> Any:
    """Return what comes with every task and is unpacked once."""
    return pickle.loads(packed)  # noqa: S301  # of our own client, whose code we run anyway


def on_groups(work: Callable[..., tuple[Any, ...]], packed: bytes, theta: Array, groups: Sequence[Group], first: int,
              *given: Any) -> Any:  # fmt: skip
    """Do the work on each group and add what comes of it; on one thread of BLAS, for more add in another order."""
    job, theta = unpacked(packed), np.require(theta, requirements=["C", "A", "W"])
    with matched_to(ALONE + 1):
        return add_all([work(job, theta, group, first + i, *given) for i, group in enumerate(groups)])


def sums_of(job: GroupJob, theta: Array, group: Group, place: int) -> tuple[Any, ...]:
    """Σ w, Σ w · loss and Σ w · ∂loss/∂θ over a group."""
    batch = job.batch(group, theta.dtype)
    total = batch.total
    if total == 0:
        return Sums(0.0, 0.0, np.zeros_like(theta))
    loss, gradient = job.measure(theta, batch, place)
    return Sums(total, total * loss, gradient * theta.dtype.type(total))


def score_of_group(job: GroupJob, theta: Array, group: Group, place: int) -> tuple[Any, ...]:  # noqa: ARG001
    """Σ w, and what a score is made of: Σ w [read right] of classes; Σ w e², Σ w y and Σ w y² of each output."""
    from sklearn.base import is_classifier  # noqa: PLC0415

    batch = job.batch(group, theta.dtype)
    Y = job.loss.net.predict(theta, batch.X, engine="compiled" if job.compiled else "textbook")
    weight = np.ones(len(Y)) if batch.weight is None else batch.weight.astype(np.float64)
    if is_classifier(job.reader):
        right = job.reader._read(Y) == job.reader._labels(batch.T)
        return float(weight.sum()), float(weight @ right.reshape(len(Y), -1).all(axis=1))
    T = batch.T.astype(np.float64)
    return float(weight.sum()), weight @ (Y - T) ** 2, weight @ T, weight @ T**2
