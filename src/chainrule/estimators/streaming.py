"""Streaming: how an estimator is fitted to data that is read a window at a time."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from sklearn.base import is_classifier
from sklearn.utils import check_random_state

from chainrule.errors import InvalidValue
from chainrule.estimators.checked_inputs import weighable
from chainrule.estimators.combinations import check_combinations
from chainrule.estimators.descent import Descent
from chainrule.estimators.samples import Samples
from chainrule.estimators.scaled_objective import PenalizedLoss
from chainrule.estimators.solvers import STOCHASTIC
from chainrule.estimators.streamed_outputs import check_features
from chainrule.estimators.streamed_samples import StreamedSamples, label_counts
from chainrule.estimators.validation import own_samples, validator
from chainrule.streams.opening import MEMORY, as_bytes, stream
from chainrule.streams.stream import Stream, is_dask
from chainrule.streams.validation_rows import validation_rows
from chainrule.streams.windows import HeldOut, Windows
from chainrule.training.keeping import check_checkpoint, kept_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.maths.arrays import Array
    from chainrule.streams.windows import Window
    from chainrule.training.keeping import KeepsTraining

JOBLIBS = "joblib_memmapping_folder"  # where it maps arrays that are in memory, for its processes
FREE = ("max_iter", "verbose", "engine")  # what may be another when a training goes on


def as_stream(X: Any, y: Any) -> Stream | None:
    """Return X as a stream where it does not lie in memory: a path, a Dask collection, a large memory-mapped array."""
    if isinstance(X, Stream):
        if y is not None:
            raise InvalidValue("y is a part of the stream: leave it out, fit(data).")
        return X
    is_large = isinstance(X, np.memmap) and X.ndim == 2 and X.nbytes > as_bytes(MEMORY)
    if is_large and JOBLIBS in str(X.filename):
        return None
    return stream(X, y) if is_large or isinstance(X, str | Path) or is_dask(X) else None


def fit_stream(mlp: Any, data: Stream, own: Any, checkpoint: KeepsTraining | None) -> None:
    """Fit an estimator to a stream; where that fails it is as it was."""
    if mlp.solver not in STOCHASTIC:
        raise InvalidValue(
            f"Cannot use solver={mlp.solver!r} with data that is read a window at a time: every step needs all rows. "
            "Use solver='adam', or load the data into memory."
        )
    check_checkpoint(checkpoint)
    check_combinations(mlp, incremental=False, validated=own is not None)
    before = dict(vars(mlp))
    try:
        with kept_in(checkpoint, lambda: training_settings(mlp, data=f"{data.source.fingerprint()} {data.memory}")):
            _fit(mlp, data, own, checkpoint)
    except BaseException:  # Ctrl-C before the first epoch, too
        vars(mlp).clear()
        vars(mlp).update(before)
        raise


def training_settings(mlp: Any, **more: Any) -> dict[str, Any]:
    """By what a training is known: the estimator's parameters, and more; a schedule is made for so many epochs."""
    free = FREE if isinstance(mlp.learning_rate, str) else FREE[1:]
    parameters = {name: value for name, value in mlp.get_params(deep=False).items() if name not in free}
    return {"kind": type(mlp).__name__, **parameters, **more}


def resumed(mlp: Any, checkpoint: KeepsTraining | None) -> int:
    """Let an estimator stand where it was kept, and return how many epochs it had trained; 0 for a new one.

    Raises
    ------
    InvalidValue
        Where no file could keep it: before it trains.
    """
    if checkpoint is None:
        return 0
    checkpoint.check(mlp)
    kept = checkpoint.estimator(mlp)
    if kept is None:
        return 0
    parameters = mlp.get_params(deep=False)
    vars(mlp).update({name: value for name, value in vars(kept).items() if name not in parameters})
    return int(mlp.n_iter_)


def _fit(mlp: Any, data: Stream, own: Any, checkpoint: KeepsTraining | None) -> None:
    counts, x, T = _begin(mlp, data)
    splits = mlp.early_stopping and own is None
    seed = int(mlp._random_state.randint(2**31 - 1)) if splits else 0
    done = resumed(mlp, checkpoint)
    seed = mlp._memory.held_out_seed if done else seed
    descent = _descent(mlp, data, own, counts, HeldOut(mlp.validation_fraction, seed) if splits else None, x, T)
    descent.began_at, descent.memory.held_out_seed = done, seed
    each, end = mlp._begin_callbacks(data, None, {}, mlp.max_iter)
    descent.run(mlp.max_iter, alone=False, each=partial(_kept_and, each, mlp, checkpoint))
    end()


def _begin(mlp: Any, data: Stream) -> tuple[Counter[Any], Array, Array]:
    """Learn what the targets are and draw a start, or go on; return the labels' counts and the first row, X and T."""
    source, first = data.source, "theta_" not in vars(mlp) or not mlp.warm_start
    check_features(mlp, source, first=first)
    survey = Windows(source, data.memory)
    counts = label_counts(survey) if is_classifier(mlp) else Counter()
    x, y = source.read(*survey.blocks[0])
    mlp._learn_targets(x[:1], y, counts, reset=first)
    dtype = source.dtype if first else mlp.theta_.dtype
    x, T = x[:1].astype(dtype), mlp._targets(y[:1], dtype)
    if mlp.warm_start != "continue" or "_random_state" not in vars(mlp) or first:
        mlp._random_state = check_random_state(mlp.random_state)
    mlp._start(x, T, first=first, keep_memory=mlp.warm_start == "continue")
    return counts, x, T


def _descent(
    mlp: Any, data: Stream, own: Any, counts: Counter[Any], split: HeldOut | None, x: Array, T: Array
) -> Descent:
    """Put together what trains: the rows that do, the loss, and what scores a theta on those that are held out."""
    dtype = x.dtype
    windows = Windows(data.source, data.memory, T.nbytes + x.nbytes * (dtype != data.source.dtype), split)
    held_out = None if split is None else _held_out(mlp, windows, data.memory)
    samples = _samples(mlp, windows, counts, None if held_out is None else held_out[1], x, T)
    loss = PenalizedLoss(mlp.network_, mlp.alpha, mlp._divisor())
    validate = _validator(mlp, loss, held_out, own, dtype, T)
    mlp._compiled = mlp._is_compiled(samples, mlp.max_iter)
    mlp._ready_to_descend(validate)
    return Descent(mlp, loss, samples, validate, compiled=mlp._compiled)


def _kept_and(each: Callable[[int], bool], mlp: Any, checkpoint: KeepsTraining | None, number: int) -> bool:
    """Keep the estimator after an epoch, and ask what else listens whether to stop."""
    stops = each(number)
    if checkpoint is not None:
        checkpoint.keep(mlp)
    return stops


def _held_out(mlp: Any, windows: Windows, memory: int) -> tuple[Array, Any]:
    """Read the rows that validate."""
    if mlp.validation_fraction == 0:
        raise InvalidValue("early_stopping=True needs samples to validate on, and validation_fraction=0 leaves none.")
    return validation_rows(windows, memory)


def _samples(mlp: Any, windows: Windows, counts: Counter[Any], held_out: Any, x: Array, T: Array) -> StreamedSamples:
    """The rows that train, all but those whose targets are held out, with their classes' weights."""
    n_rows = windows.source.n_rows - (0 if held_out is None else len(held_out))
    of_label = mlp._weights_of_labels(counts)

    def as_samples(window: Window) -> Samples:
        weight = None if of_label is None else weights_of(window.y, of_label)
        return Samples(np.ascontiguousarray(window.X, x.dtype), mlp._targets(window.y, x.dtype), weight)

    if of_label is None:
        return StreamedSamples(windows, n_rows, float(n_rows), 1.0, as_samples, x, T)
    weights = weighable(np.array([of_label[label] * number for label, number in counts.items()]))
    total = float(cast("Array", weights).sum()) - (
        0.0 if held_out is None else float(weights_of(held_out, of_label).sum())
    )
    return StreamedSamples(windows, n_rows, total, max(of_label.values()), as_samples, x, T)


def weights_of(y: Any, of_label: dict[Any, float]) -> Array:
    """The weight of each row, by its label."""
    labels, places = np.unique(y, return_inverse=True)
    found: Array = np.array([of_label[label] for label in labels.tolist()])[places.ravel()]
    return found


def _validator(
    mlp: Any, loss: PenalizedLoss, held_out: tuple[Array, Any] | None, own: Any, dtype: Any, T: Array
) -> Callable[[Array], float] | None:
    """What scores a theta after every epoch, if anything does."""
    if own is not None:
        return validator(mlp, loss, *own_samples(mlp, dtype, T.shape[1], *own))
    if held_out is None:
        return None
    X, y = held_out
    test = Samples(X if X.dtype == dtype else X.astype(dtype), mlp._targets(y, dtype))
    return validator(mlp, loss, test, test.X, y)
