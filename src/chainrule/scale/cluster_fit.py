"""Fit on a cluster: an estimator, rows in files that all workers see, and a theta that no lost worker changes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.utils import check_random_state

from chainrule.errors import InvalidValue, check_count, misplaced, warn
from chainrule.estimators.base import BaseMLP
from chainrule.estimators.combinations import check_combinations
from chainrule.estimators.scaled_objective import PenalizedLoss
from chainrule.estimators.solvers import STOCHASTIC
from chainrule.estimators.streamed_outputs import check_features
from chainrule.estimators.streaming import resumed, training_settings
from chainrule.network.engine_choice import is_compiled, textbook_seconds
from chainrule.scale.cluster import check_client, told, watching
from chainrule.scale.cluster_descent import ClusterDescent, ClusterTable
from chainrule.scale.group_sums import GroupJob, packed, reader_of
from chainrule.scale.mid_epoch import KeptRounds
from chainrule.scale.row_groups import RowGroups
from chainrule.scale.table_scan import MOST_ROWS, counted
from chainrule.streams.array_source import ArraySource
from chainrule.streams.parquet_source import ParquetSource
from chainrule.streams.stream import Stream
from chainrule.streams.windows import HeldOut
from chainrule.training.keeping import check_checkpoint, kept_in

if TYPE_CHECKING:
    from collections import Counter

    from chainrule.streams.source import Source
    from chainrule.training.keeping import KeepsTraining

GROUPS = 8  # of a batch that is "auto"


def fit(
    estimator: Any,
    data: Stream,
    *,
    client: Any,
    checkpoint: KeepsTraining | None = None,
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
    data : Stream
        What :func:`chainrule.stream` opens of files that all workers see under the same path: parquet or .npy. Their
        description is sent, never a row. ``memory`` plays no part: a worker holds a group at a time.
    client : distributed.Client
        As :func:`chainrule.scale.cluster` yields it.
    checkpoint : Checkpoint, optional
        Where the training is kept. A client that died goes on from there when ``fit`` is called again, and ends with
        the same bits.
    checkpoint_every : int
        Rounds between checkpoints, beside that of every epoch.
    group_rows, block_rows : int
        Rows of a group, the least work that a worker does, and of the blocks it is made of. They decide the bits. A
        parquet file is cut at its row groups, so that a block is at least one of those.
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
    >>> import tempfile
    >>> import chainrule as cr
    >>> folder = tempfile.mkdtemp()
    >>> X, T = cr.datasets.moons(400, random_state=0)
    >>> for name, array in {"X": X, "y": T}.items():
    ...     np.save(f"{folder}/{name}.npy", array)
    >>> data = cr.stream(*(np.load(f"{folder}/{name}.npy", mmap_mode="r") for name in "Xy"))
    >>> clf = cr.MLPClassifier((16,), learning_rate_init=0.01, max_iter=300, tol=1e-3, random_state=0)
    >>> with cr.scale.cluster(workers=1) as client:
    ...     _ = cr.scale.fit(clf, data, client=client, group_rows=100, block_rows=10)
    >>> clf.score(X, T) > 0.8
    True
    """
    check_client(client)
    _check(estimator, data)
    sizes = {"group_rows": group_rows, "block_rows": block_rows, "local_steps": local_steps}
    sizes = {name: check_count(name, value) for name, value in sizes.items()}
    check_checkpoint(checkpoint)
    kept = KeptRounds(checkpoint, check_count("checkpoint_every", checkpoint_every))
    with kept_in(checkpoint, lambda: training_settings(estimator, **sizes, data=data.source.fingerprint())):
        trained = _trained(clone(estimator), data.source, client, kept, sizes)
    vars(estimator).update(vars(trained))
    return estimator


def _trained(mlp: Any, source: Source, client: Any, kept: KeptRounds, sizes: dict[str, int]) -> Any:
    """Train from the start, or from the last checkpoint, to the end."""
    with told(client, lambda: kept.advice), watching(client) as lost:
        counts = counted(client, source, classes=is_classifier(mlp))
        _begin(mlp, source, counts)
        resumed(mlp, kept.checkpoint)
        descent = _descent(mlp, source, client, counts, kept, sizes)
        descent.run(mlp.max_iter, alone=False, each=lambda number: kept.epoch(mlp))  # noqa: ARG005
    _tell_lost(lost)
    return mlp


def _check(estimator: Any, data: Any) -> None:
    """Refuse what cannot be trained on a cluster."""
    if not isinstance(estimator, BaseMLP):
        raise misplaced("estimator", "an MLPClassifier or an MLPRegressor", estimator, "estimator, data")
    if not isinstance(data, Stream):
        raise misplaced("data", "what chainrule.stream opens", data, "estimator, data")
    if not is_in_files(data.source):
        raise InvalidValue(
            f"Cannot use a {data!r} on a cluster: workers read rows by path, for a process's memory is lost with it. "
            "Write them into files that all workers see: .npy, opened with mmap_mode='r', or .parquet."
        )
    estimator._validate_params()
    check_combinations(estimator, incremental=False, validated=False)
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


def is_in_files(source: Source) -> bool:
    """Whether a source is pickled as the place of its rows."""
    if isinstance(source, ArraySource):
        return not any(isinstance(array, np.ndarray) for array in source._at)
    return isinstance(source, ParquetSource)


def _begin(mlp: Any, source: Source, counts: Counter[Any]) -> None:
    """Draw the network's start, as for any stream."""
    check_features(mlp, source, first=True)
    X, y = _first_row(source)
    mlp._learn_targets(X, y, counts, reset=True)
    mlp._random_state = check_random_state(mlp.random_state)
    mlp._begin(X, mlp._targets(y, X.dtype))


def _first_row(source: Source) -> tuple[Any, Any]:
    """Return the first row, of a file's first piece."""
    X, y = source.read(*source.bounds(1, MOST_ROWS)[:2])
    return X[:1], y[:1]


def _descent(
    mlp: Any,
    source: Source,
    client: Any,
    counts: Counter[Any],
    kept: KeptRounds,
    sizes: dict[str, int],
) -> ClusterDescent:
    """Put together what trains: the network's loss, the rows of it, and those that are held out."""
    loss = PenalizedLoss(mlp.network_, mlp.alpha, mlp._divisor())
    mlp._compiled = _is_compiled(mlp, source.n_rows, sizes["group_rows"])
    bounds = source.bounds(sizes["block_rows"], MOST_ROWS)  # a file's pieces, as large as they are
    largest = int(np.diff(bounds).max())
    rows = RowGroups(bounds, max(1, sizes["group_rows"] // largest))
    train, held_out = _blocks(mlp, rows)
    X, y = _first_row(source)
    X = X.astype(mlp.theta_.dtype, copy=False)
    of_group = rows.blocks_of_group * largest
    size = GROUPS if isinstance(mlp.batch_size, str) else max(1, round(mlp.batch_size / of_group))
    table = ClusterTable(client, rows, train, X, mlp._targets(y, X.dtype))
    validate = partial(table.score, rows.groups(held_out), mlp.scoring) if len(held_out) else None
    mlp._ready_to_descend(validate)
    descent = ClusterDescent(mlp, loss, table, validate, kept, groups_of_batch=size, local_steps=sizes["local_steps"])
    of_label = mlp._weights_of_labels(counts)
    table.packed = packed(
        GroupJob(source, reader_of(mlp), of_label, replace(loss, alpha=0.0), mlp._compiled, descent.memory.mask_seed)
    )
    return descent


def _is_compiled(mlp: Any, n_rows: int, group_rows: int) -> bool:
    """Whether the compiled engine measures groups: asked for, or worth it by what there is to compute."""
    net = mlp.network_
    seconds = textbook_seconds(net, n_rows, group_rows, mlp.max_iter)
    return is_compiled(mlp.engine, net, seconds, "dropout on a cluster" if net.has_dropout else None)


def _blocks(mlp: Any, rows: RowGroups) -> tuple[Any, Any]:
    """Return the blocks that train, and those that are held out: by a hash of their numbers."""
    blocks = np.arange(rows.n_blocks)
    if not mlp.early_stopping:
        return blocks, blocks[:0]
    validates = HeldOut(mlp.validation_fraction, 0)(blocks)
    if not 0 < validates.sum() < len(blocks):
        raise InvalidValue(
            f"validation_fraction={mlp.validation_fraction} of {len(blocks)} blocks leaves none to train or none to "
            "validate. Use smaller blocks, block_rows=…, or early_stopping=False."
        )
    return blocks[~validates], blocks[validates]


def _tell_lost(lost: list[str]) -> None:
    """Say which workers went away."""
    if lost:
        warn(
            f"{len(lost)} worker{'s were' if len(lost) > 1 else ' was'} lost on the way ({', '.join(lost[:3])}"
            f"{', …' if len(lost) > 3 else ''}); others computed their groups, and theta is what it would have been."
        )
