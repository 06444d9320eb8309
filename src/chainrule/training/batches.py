"""Batches: which samples each update sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.errors import InvalidValue, check_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.network.objective import Objective


def check_batch_size(batch_size: int | None, n_samples: int) -> int | None:
    """Return the batch size, None for the whole data, or say what it may be."""
    if batch_size is None:
        return None
    if check_count("batch_size", batch_size) > n_samples:
        raise InvalidValue(
            f"batch_size must be at most the number of samples, {n_samples}, got {batch_size}. None takes them all."
        )
    return None if batch_size == n_samples else int(batch_size)


def shuffled_batches(
    objective: Objective, batch_size: int, generator: Generator
) -> Iterator[tuple[Array, Array, Array, float]]:
    """Deal the samples into batches in a fresh order: (X, T, shares in the batch's average, share of the batch).

    A batch in which every sample weighs nothing teaches nothing and is left out.
    """
    order = generator.permutation(len(objective.X))
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        shares = objective.shares[batch]
        total = float(shares.sum())
        if total > 0.0:
            yield objective.X[batch], objective.T[batch], shares / total, total
