"""The descent on a cluster: the estimators' loop over epochs, whose gradients are sums over groups of rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.estimators.descent import Descent, Diverged
from chainrule.estimators.solvers import optimizer_of
from chainrule.maths.arrays import quietly
from chainrule.scale.cluster import constant, gathered, n_threads, told
from chainrule.scale.group_sums import Sums, add_all, on_groups, score_of_group, sums_of
from chainrule.scale.local_averaging import local_updates, mean_of
from chainrule.scale.mid_epoch import KeptRounds, MidEpoch
from chainrule.scale.row_groups import FAN_IN, Group, RowGroups, count_rows, subtrees
from chainrule.training.averaging import Average

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chainrule.estimators.samples import Deal, Places
    from chainrule.estimators.scaled_objective import PenalizedLoss
    from chainrule.maths.arrays import Array


@dataclass(eq=False)
class ClusterTable:
    """The rows that train, where the workers find them; ``X`` and ``T`` are the first of them."""

    client: Any
    rows: RowGroups
    blocks: Places
    X: Array
    T: Array
    packed: bytes = b""
    where: Callable[[], str] = str

    def __len__(self) -> int:
        """How many rows train."""
        return count_rows(self.groups)

    def first_order(self) -> Places:
        """Return the places of the blocks that train, as they lie in the files."""
        return np.arange(len(self.blocks))

    def next_order(self, order: Places, deal: Deal | None) -> Places:
        """Return the places dealt anew."""
        return order if deal is None else deal(order)

    def parts(self, order: Places, size: int, deal: Deal | None) -> Iterator[tuple[Any, Places]]:  # noqa: ARG002
        """Yield the whole epoch."""
        yield self, order

    @property
    def groups(self) -> list[Group]:
        """All rows that train."""
        return self.rows.groups(self.blocks)

    def added(self, work: Callable[..., Any], theta: Array, groups: Sequence[Any], first: int, *given: Any) -> Any:
        """Add what the work makes of each group, in one tree, of which every worker computes a part.

        Up to eight parts come from the client and go to it; of more, workers hand theta to each other, and add.
        """
        with told(self.client, self.where):
            parts = subtrees(groups, n_threads(self.client))
        shared = theta if len(parts) <= FAN_IN else constant(self.client, theta)
        starts = np.cumsum([first, *map(len, parts[:-1])]).tolist()
        submit = partial(self.client.submit, pure=False)
        sums = [
            submit(on_groups, work, self.packed, shared, part, start, *given)
            for part, start in zip(parts, starts, strict=True)
        ]
        while len(sums) > FAN_IN:
            sums = [submit(add_all, sums[i : i + FAN_IN]) for i in range(0, len(sums), FAN_IN)]
        return add_all(gathered(self.client, sums, self.where))

    def score(self, groups: Sequence[Group], kind: str | None, theta: Array) -> float:
        """Score theta on rows that do not train: accuracy, R², or minus the mean loss."""
        if kind == "loss":
            weight, loss, _ = self.added(sums_of, theta, groups, 0)
            return -float(loss / weight)
        weight, *made_of = self.added(score_of_group, theta, groups, 0)
        if len(made_of) == 1:
            return float(made_of[0] / weight)
        errors, total, squares = made_of
        spread = squares - total**2 / weight
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = np.where(spread > 0, 1.0 - errors / spread, np.where(errors > 0, 0.0, 1.0))
        return float(scores.mean())


class ClusterDescent(Descent):
    """Epochs of an estimator on a cluster; ``samples`` is a :class:`ClusterTable`."""

    def __init__(
        self,
        mlp: Any,
        loss: PenalizedLoss,
        table: ClusterTable,
        validate: Callable[[Array], float] | None,
        kept: KeptRounds,
        *,
        groups_of_batch: int,
        local_steps: int,
    ) -> None:
        super().__init__(mlp, loss, table, validate, compiled=False)  # type: ignore[arg-type]
        self.table, self.kept = table, kept
        self.groups_of_batch, self.local_steps = groups_of_batch, local_steps
        self.resumed, self.began_at = kept.begun(mlp), mlp.n_iter_
        self.round = 0
        table.where = self.where

    def where(self) -> str:
        """Say how far the training has come, and what to do where it broke off."""
        return f"It was in epoch {self.mlp.n_iter_ + 1}, round {self.round + 1}. {self.kept.advice}"

    def _order(self) -> Any:
        """The order to shuffle on from: as the blocks lie, or as the last epoch left them."""
        known = self.memory.order
        return self.table.first_order() if known is None else known

    def _batch_size(self) -> int:
        """How many blocks a round takes."""
        return self.table.rows.blocks_of_group * self.groups_of_batch * self.local_steps

    def _epoch(self, order: Places, size: int) -> Places:
        if not self.mlp.n_iter_ and self.resumed is None:
            self.kept.epoch(self.mlp)  # every other is kept after the one before it
        return super()._epoch(order, size)

    @quietly
    def _batches(self, samples: Any, places: Places | None, n_rows: int, size: int) -> float:  # noqa: ARG002
        """Make the epoch's rounds, those that a checkpoint has not made, and return the mean loss on the way."""
        order = self.table.blocks[places]
        told, begun = self._take_up()
        for self.round, start in enumerate(range(0, len(order), size)):
            if self.round < begun:
                continue
            groups = self.table.rows.groups(order[start : start + size])
            told += self._make_round(groups)
            mlp, memory = self.mlp, self.memory
            self.kept.rounds(
                MidEpoch(mlp.n_iter_, self.round + 1, memory.updates, told, mlp.theta_, memory.state, memory.average)
            )
        return told / len(self.table)

    def _take_up(self) -> tuple[float, int]:
        """Stand where a checkpoint left the epoch; return Σ rows · loss so far and the rounds made."""
        step, self.resumed = self.resumed, None
        if step is None:
            return 0.0, 0
        self.mlp.theta_, memory = step.theta, self.memory
        memory.state, memory.average, memory.updates = step.state, step.average, step.updates
        return step.told, step.rounds

    def _make_round(self, groups: Sequence[Group]) -> float:
        """Update once, or let replicas make their steps; return Σ rows · loss on the way."""
        steps = len(groups) // self.groups_of_batch
        if self.local_steps == 1 or steps == 0:
            return self._update(groups) * count_rows(groups)
        whole = steps * self.groups_of_batch
        told = self._local_round(groups[:whole], steps)
        return told + (self._update(groups[whole:]) * count_rows(groups[whole:]) if groups[whole:] else 0.0)

    def _place(self) -> int:
        """By what number the first group of this update draws its masks."""
        return self.memory.updates * self.groups_of_batch

    def _evaluate(self, batch: Any) -> tuple[float, Array]:
        """Return loss and gradient over groups of rows, penalty included."""
        return self._measured(batch, self._place(), self.mlp.theta_)

    def _measured(self, groups: Sequence[Group], place: int, theta: Array) -> tuple[float, Array]:
        sums = Sums(*self.table.added(sums_of, theta, groups, place))
        if sums.weight == 0:
            return 0.0, np.zeros_like(theta)
        gradient = sums.gradient / theta.dtype.type(sums.weight)
        return sums.loss / sums.weight + self.loss.add_penalty(theta, gradient, sums.weight), gradient

    def _local_round(self, groups: Sequence[Group], steps: int) -> float:
        """Let each replica make steps of its own from theta, and take the mean of where they come."""
        mlp, memory = self.mlp, self.memory
        replicas = [groups[start : start + steps] for start in range(0, len(groups), steps)]
        optimizer = optimizer_of(memory.settings, memory.rate)
        given = (memory.state, optimizer, self.loss.alpha, mlp.max_gradient_norm, memory.updates, len(replicas))
        sums = self.table.added(local_updates, mlp.theta_, replicas, 0, *given)
        told, mlp.theta_, memory.state = mean_of(sums, len(replicas), memory.state)
        if not math.isfinite(told):
            raise Diverged(f"the loss became {told}")
        memory.updates += steps
        if self._is_averaging():
            known = memory.average
            memory.average = Average(mlp.theta_) if known is None else known.including(mlp.theta_)
        return told

    def _loss_of_all(self, theta: Array) -> float:
        return self._measured(self.table.groups, self._place(), theta)[0]
