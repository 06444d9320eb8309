"""Summary: many runs of one kind in medians and ranges, and long curves in few points."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.maths.arrays import Array

DEMANDED = 0.9  # the accuracy that S4 asks for


def summarise(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Share converged, share that reaches the demanded accuracy, outcomes, and [median, least, greatest] of the rest.

    The runs are as ``TaskResult.brief`` has them. ``dead_units`` is there where they count them: the median of each
    hidden layer.
    """
    statuses = Counter(run["status"] for run in runs)
    train = [run["accuracy"]["train"] for run in runs]
    tests = [run["accuracy"]["test"] for run in runs if run["accuracy"]["test"] is not None]
    dead = [run["dead_units"] for run in runs if "dead_units" in run]
    return {
        "runs": len(runs),
        "statuses": dict(statuses.most_common()),
        "outcomes": dict(Counter(run["outcome"]["name"] for run in runs).most_common()),
        "share_converged": statuses["converged"] / len(runs),
        "share_accuracy_demanded": float(np.mean([score >= DEMANDED for score in train])),
        "epochs": spread([run["epochs"] for run in runs]),
        "loss": spread([run["loss"] for run in runs]),
        "train_accuracy": spread(train),
        "test_accuracy": spread(tests) if tests else None,
        **({"dead_units": np.median(dead, axis=0).tolist()} if dead else {}),
    }


def spread(values: Sequence[float]) -> list[float]:
    """Median, least and greatest.

    >>> spread([3, 1, 2])
    [2.0, 1.0, 3.0]
    """
    return [float(np.median(values)), float(min(values)), float(max(values))]


def thin(curves: Mapping[str, Array], longest: int) -> dict[str, list[Any]]:
    """Keep at most so many points of each curve; ``"epoch"`` says which.

    >>> thin({"loss": np.array([0.5, 0.4, 0.3])}, longest=2)
    {'epoch': [0, 2], 'loss': [0.5, 0.3]}
    """
    length = max((len(values) for values in curves.values()), default=0)
    kept = np.unique(np.linspace(0, length - 1, min(length, longest)).astype(int))
    return {"epoch": kept.tolist(), **{name: values[kept].tolist() for name, values in curves.items()}}
