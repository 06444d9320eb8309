"""Local steps: replicas update by themselves for a while, and then meet in their mean; for networks that are slow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.maths.arrays import quietly
from chainrule.scale.row_groups import count_rows
from chainrule.training.clipping import clipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.maths.arrays import Array
    from chainrule.scale.group_sums import GroupJob
    from chainrule.scale.row_groups import Group
    from chainrule.training.optimizers import Optimizer


def _parts(state: Any) -> tuple[Any, ...]:
    """What an optimizer remembers, as a tuple of arrays and counts."""
    if state is None:
        return ()
    return state if isinstance(state, tuple) else (state,)


@quietly
def local_updates(
    job: GroupJob, theta: Array, groups: Sequence[Group], replica: int, state: Any, optimizer: Optimizer, alpha: float,
    limit: float | None, updates: int, n_replicas: int,
) -> tuple[Any, ...]:  # fmt: skip
    """Update once a group, from the theta and the state that all replicas begin with; return Σ rows · loss and both."""
    told = 0.0
    for step, group in enumerate(groups):
        batch = job.batch(group, theta.dtype)
        if batch.total == 0:
            continue
        loss, gradient = job.measure(theta, batch, (updates + step) * n_replicas + replica)
        loss += type(job.loss)(job.loss.net, alpha).add_penalty(theta, gradient, batch.total)
        gradient = gradient if limit is None else clipped(gradient, limit)
        theta, state = optimizer.update(gradient, state, theta)
        told += loss * count_rows([group])
    return (told, theta, *_parts(state))


def mean_of(sums: Sequence[Any], n_replicas: int, like: Any) -> tuple[float, Array, Any]:
    """Return Σ rows · loss over all replicas, and the means of their thetas and of what their optimizers remember.

    >>> import numpy as np
    >>> mean_of((3.0, np.array([4.0]), 6, np.array([1.0])), 2, like=(3, np.zeros(1)))
    (3.0, array([2.]), (3, array([0.5])))
    """
    told, theta, *parts = sums
    means = [part // n_replicas if isinstance(part, int) else part / part.dtype.type(n_replicas) for part in parts]
    state: Any = tuple(means) if isinstance(like, tuple) else (means[0] if means else None)
    return told, theta / theta.dtype.type(n_replicas), state
