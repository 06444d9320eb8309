"""Fit on a cluster: an estimator, rows in files that all workers see, and a theta that no lost worker changes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone, is_classifier

from chainrule.errors import InvalidValue, check_count, misplaced, warn
from chainrule.estimators.base import BaseMLP
from chainrule.estimators.scaled_objective import PenalizedLoss
from chainrule.estimators.solvers import STOCHASTIC
from chainrule.network.engine_choice import is_compiled, textbook_seconds
from chainrule.scale.cluster import told, watching
from chainrule.scale.cluster_descent import ClusterDescent, ClusterTable
from chainrule.scale.group_sums import GroupJob, packed, reader_of
from chainrule.scale.row_groups import RowGroups
from chainrule.scale.table_scan import scan
from chainrule.scale.training_checkpoint import TrainingCheckpoint

if TYPE_CHECKING:
    import os

    from chainrule.scale.table_scan import Scan
    from chainrule.scale.training_checkpoint import MidEpoch

GROUPS = 8  # of a batch that is "auto"


def fit(
    estimator: Any,
    source: Any,
    *,
    client: Any,
    checkpoint: str | os.PathLike[str] | None = None,
    checkpoint_every: int = 100,
    group_rows: int = 1024,
    block_rows: int = 128,
    local_steps: int = 1,
) -> Any:
    """Train an estimator on a Dask cluster: every update is the sum of its groups' gradients, added in one fixed tree.

    The rows of an epoch are shuffled by blocks, the blocks of an update are dealt into groups, and the workers read
    their groups where they are. Which worker adds what never changes the order of the sum: theta is the same to the
    last bit for any number of workers of one kind of processor, and whichever of them are lost on the way.

    Parameters
    ----------
    estimator : MLPClassifier or MLPRegressor
        With a solver that has mini-batches. ``batch_size`` are the rows of an update, ``"auto"`` is eight groups.
        ``early_stopping`` scores a share of the blocks, which do not train.
    source : table with ``n_rows`` and ``read(start, stop)``
        A description of files that all workers see under the same path; it is pickled, never its rows.
    client : distributed.Client
        As :func:`chainrule.scale.cluster` yields it.
    checkpoint : path, optional
        A folder. A client that died goes on from there when ``fit`` is called again, and ends with the same bits.
    checkpoint_every : int
        Rounds between checkpoints, beside that of every epoch.
    group_rows, block_rows : int
        Rows of a group, the least work that a worker does, and of the blocks it is made of. They decide the bits.
    local_steps : int
        With more than one, each group of a batch becomes a replica that makes so many updates of its own, and the
        replicas meet in their mean: a round sends theta once for all of them.

    Returns
    -------
    the estimator
        Fitted.

    Raises
    ------
    InvalidValue, InvalidFile, ChainruleError
        Where a setting, a row, a file or a checkpoint cannot be used, and where the cluster goes away.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule.scale.arrays_in_files import write_arrays
    """
    _check(estimator, source)
    sizes = {"group_rows": group_rows, "block_rows": block_rows, "local_steps": local_steps}
    sizes = {name: check_count(name, value) for name, value in sizes.items()}
    settings = {**estimator.get_params(deep=False), **sizes, "n_rows": source.n_rows, "source": source}
    kept = TrainingCheckpoint(checkpoint, check_count("checkpoint_every", checkpoint_every), settings)
    trained = kept.finished() or _trained(clone(estimator), source, client, kept, sizes)
    vars(estimator).update(vars(trained))
    return estimator


def _trained(mlp: Any, source: Any, client: Any, kept: TrainingCheckpoint, sizes: dict[str, int]) -> Any:
    """Train from the start, or from the last checkpoint, to the end."""
    with told(client, lambda: kept.advice), watching(client) as lost:
        seen = scan(client, source, classes=is_classifier(mlp))
        _initialize(mlp, seen)
        resumed = _resume(mlp, kept)
        descent = _descent(mlp, source, client, seen, kept, resumed, sizes)
        descent.run(mlp.max_iter, alone=False, each=lambda number: False)  # noqa: ARG005
        kept.finish(mlp)
    _tell_lost(lost)
    return mlp


def _check(estimator: Any, source: Any) -> None:
    """Refuse what cannot be trained on a cluster."""
    if not isinstance(estimator, BaseMLP):
        raise misplaced("estimator", "an MLPClassifier or an MLPRegressor", estimator, "estimator, source")
    if not callable(getattr(source, "read", None)):
        raise InvalidValue(
            f"source must be a table in files, got {type(source).__name__}: what is in this process's memory is lost to "
            "a worker that comes later. Write it into files that all workers see."
        )
    estimator._validate_params()
    estimator._check_combinations(False, False)
    refused = {
        "solver": (estimator.solver not in STOCHASTIC, "it has no mini-batches. Use 'adam' or 'sgd'"),
        "warm_start": (estimator.warm_start, "a training goes on by its checkpoint. Use warm_start=False"),
        "scoring": (estimator.scoring not in {None, "loss"}, "parts of it cannot be added. Use None or 'loss'"),
    }
    for name, (is_so, why) in refused.items():
        if is_so:
            raise InvalidValue(f"Cannot use {name}={getattr(estimator, name)!r} on a cluster: {why}.")
    if getattr(estimator, "_skl_callbacks", None):
        raise InvalidValue("Cannot use callbacks on a cluster. Take them off by set_callbacks().")


def _initialize(estimator: Any, seen: Scan) -> None:
    """Draw the network's start for a table, as ``initialize`` does for arrays."""
    X, y = seen.X[:2], seen.y[:2]
    if is_classifier(estimator) and np.ndim(y) == 1:
        labels = np.unique(np.array(list(seen.counts)))
        X, y = np.repeat(X[:1], len(labels), axis=0), labels
    estimator.initialize(X, y)


def _resume(estimator: Any, kept: TrainingCheckpoint) -> MidEpoch | None:
    """Take the estimator of the last checkpoint, if there is one; return how far its epoch came."""
    begun = kept.begun()
    if begun is None:
        return None
    vars(estimator).update(vars(begun[0]))
    return begun[1]


def _descent(
    mlp: Any,
    source: Any,
    client: Any,
    seen: Scan,
    kept: TrainingCheckpoint,
    resumed: MidEpoch | None,
    sizes: dict[str, int],
) -> ClusterDescent:
    """Put together what trains: the network's loss, the rows of it, and those that are held out."""
    loss = PenalizedLoss(mlp.network_, mlp.alpha, mlp._divisor())
    rows = RowGroups(source.n_rows, min(sizes["block_rows"], source.n_rows), 1)
    rows = replace(rows, blocks_of_group=max(1, sizes["group_rows"] // rows.block_rows))
    of_group = rows.blocks_of_group * rows.block_rows
    seconds = textbook_seconds(loss.net, source.n_rows, of_group, mlp.max_iter)
    obstacle = "dropout on a cluster" if loss.net.has_dropout else None
    mlp._compiled = is_compiled(mlp.engine, loss.net, seconds, obstacle)
    train, held_out = _blocks(mlp, rows)
    X = np.asarray(seen.X[: rows.block_rows], dtype=mlp.theta_.dtype)
    table = ClusterTable(client, b"", rows, train, X, mlp._targets(seen.y[: rows.block_rows], X.dtype))
    size = GROUPS if isinstance(mlp.batch_size, str) else max(1, round(mlp.batch_size / of_group))
    validate = partial(table.score, rows.groups(held_out), mlp.scoring) if len(held_out) else None
    descent = ClusterDescent(
        mlp, loss, table, validate, kept, groups_of_batch=size, local_steps=sizes["local_steps"], resumed=resumed
    )
    reader = reader_of(mlp, seen.counts)
    job = GroupJob(source, reader, replace(loss, alpha=0.0), mlp._compiled, descent.memory.mask_seed)
    table.packed = packed(job)
    return descent


def _blocks(mlp: Any, rows: RowGroups) -> tuple[Any, Any]:
    """Return the blocks that train, and those that are held out: by the seed alone, as a fresh generator deals them."""
    blocks = np.arange(rows.n_blocks)
    if not mlp.early_stopping:
        return blocks, blocks[:0]
    n_held_out = round(mlp.validation_fraction * len(blocks))
    if not 0 < n_held_out < len(blocks):
        raise InvalidValue(
            f"validation_fraction={mlp.validation_fraction} of {len(blocks)} blocks of {rows.block_rows} rows leaves "
            "none to train or none to validate. Use smaller blocks, block_rows=…, or early_stopping=False."
        )
    dealt = np.random.RandomState(rows.n_rows % 2**32).permutation(blocks)
    return np.sort(dealt[n_held_out:]), np.sort(dealt[:n_held_out])


def _tell_lost(lost: list[str]) -> None:
    """Say which workers went away."""
    if lost:
        warn(
            f"{len(lost)} worker{'s were' if len(lost) > 1 else ' was'} lost on the way ({', '.join(lost[:3])}"
            f"{', …' if len(lost) > 3 else ''}); others computed their groups again, and theta is what it would have been."
        )
