"""What a fitted estimator answers to a stream, and how right that is, a window of rows at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.utils.validation import check_is_fitted

from chainrule.errors import InvalidValue
from chainrule.streams.stream import Stream
from chainrule.streams.windows import Windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.maths.arrays import Array
    from chainrule.streams.source import Source


def check_features(mlp: Any, source: Source, *, first: bool) -> None:
    """Take, or compare, how many features there are and what they are called."""
    names = None if source.names is None else np.array(source.names, dtype=object)
    if first:
        mlp.n_features_in_ = source.n_features
        vars(mlp).pop("feature_names_in_", None)
        if names is not None:
            mlp.feature_names_in_ = names
        return
    if source.n_features != mlp.n_features_in_:
        raise InvalidValue(f"The data have {source.n_features} features, and there were {mlp.n_features_in_} before.")
    known = getattr(mlp, "feature_names_in_", None)
    if names is not None and known is not None and list(names) != list(known):
        raise InvalidValue(f"The features are called {', '.join(names)}, and were {', '.join(known)} before.")


def windows_of(mlp: Any, data: Stream) -> Iterator[tuple[Array, Any]]:
    """Yield the outputs of each window of a stream, in the order of its rows, and its targets."""
    check_is_fitted(mlp)
    check_features(mlp, data.source, first=False)
    width = 2 * mlp.network_.n_outputs * mlp.theta_.dtype.itemsize
    for window in Windows(data.source, data.memory, width).in_order():
        yield mlp._outputs(window.X, check=False), window.y


class ScoresStreams:
    """Estimators that score a stream, too."""

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """Return the accuracy of a classifier, the R² of a regressor.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features), or Stream
            A Stream is read a window at a time.
        y : array (n_samples,) or (n_samples, n_outputs)
            Left out with a Stream.
        sample_weight : array (n_samples,), optional
            Not with a Stream.

        Returns
        -------
        float

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.
        ValueError
            Where X or y cannot be used.

        Examples
        --------
        >>> from chainrule import MLPRegressor, stream
        >>> X, y = np.arange(20.0).reshape(10, 2), np.arange(10.0)
        >>> reg = MLPRegressor("squared_error", (), solver="lbfgs", alpha=0).fit(X, y)
        >>> round(reg.score(stream(X, y)), 6), round(reg.score(X, y), 6)
        (1.0, 1.0)
        """
        if not isinstance(X, Stream):
            return float(super().score(X, y, sample_weight))  # type: ignore[misc]
        for name, given in (("y", y), ("sample_weight", sample_weight)):
            if given is not None:
                raise InvalidValue(f"{name} cannot go with a stream: leave it out, score(data).")
        return accuracy(self, X) if is_classifier(self) else explained(self, X)


def accuracy(mlp: Any, data: Stream) -> float:
    """Return the share of the rows that are read right, of many labels those of which all are."""
    right = 0
    for Y, y in windows_of(mlp, data):
        same = mlp._read(Y) == (y.ravel() if y.shape[1:] == (1,) else y)
        right += int(same.reshape(len(y), -1).all(axis=1).sum())
    return right / len(data)


def explained(mlp: Any, data: Stream) -> float:
    """Return R² = 1 − Σ (y − ŷ)² / Σ (y − ȳ)², of many outputs the mean, as scikit-learn has it.

    Means and squares of windows are put together by Chan, Golub and LeVeque's formula, of distances to the first
    target: where targets lie far from zero their squares would lose digits.
    """
    n, mean, squares, errors, first = 0, np.zeros(1), np.zeros(1), np.zeros(1), None
    for Y, y in windows_of(mlp, data):
        T = y.reshape(len(y), -1).astype(np.float64)
        errors = errors + ((Y.astype(np.float64) - T) ** 2).sum(axis=0)
        first = T[0].copy() if first is None else first
        T -= first
        own, total = T.mean(axis=0), n + len(T)
        squares = squares + ((T - own) ** 2).sum(axis=0) + (own - mean) ** 2 * (n * len(T) / total)
        mean, n = mean + (own - mean) * (len(T) / total), total
    if n < 2:
        return float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.where(squares > 0, 1.0 - errors / squares, np.where(errors > 0, 0.0, 1.0))
    return float(scores.mean())
