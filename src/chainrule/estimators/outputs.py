"""Outputs: what a fitted network answers, by the engine that trained it, block by block."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from chainrule.estimators.checked_inputs import validated
from chainrule.estimators.samples import ROWS, by_row, dense
from chainrule.estimators.streamed_outputs import windows_of
from chainrule.maths.arrays import quietly
from chainrule.network import backprop
from chainrule.network.compiled_objective import predict
from chainrule.network.encoding import lacking
from chainrule.network.parameters import split
from chainrule.streams.stream import Stream

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array


class Outputs:
    """Estimators that compute outputs."""

    theta_: Array
    network_: Any
    n_features_in_: int
    _compiled: bool

    def _outputs(self, X: Any, *, check: bool = True) -> Array:
        """The outputs of the network, (n_samples, n_outputs), block by block; refused before fit."""
        if "theta_" not in vars(self):
            check_is_fitted(self)  # which takes as long as a row, and says it in scikit-learn's words
        if isinstance(X, Stream):
            return np.concatenate([Y for Y, _ in windows_of(self, X)])
        if check and not self._is_plain(X):
            given, X = X, validated(self, X, reset=False)
            if X.dtype.kind == "O":  # of a list or a frame that holds more than numbers
                X = validated(self, given, reset=False, dtype=np.float64)
        if self._compiled and not lacking():  # it may have come from a machine that has numba
            return self._compiled_outputs(X)
        X = by_row(X)
        weights = split(self.theta_, self.network_.layers, self.network_.n_features)
        if X.shape[0] <= ROWS:
            return self._forward(weights, dense(X))
        return np.concatenate(
            [self._forward(weights, dense(X[start : start + ROWS])) for start in range(0, X.shape[0], ROWS)]
        )

    def _compiled_outputs(self, X: Any) -> Array:
        """The same by the compiled engine, which wants X in theta's dtype."""
        if X.dtype == self.theta_.dtype and isinstance(X, np.ndarray):
            return predict(self.network_, self.theta_, X)
        X = by_row(X)
        blocks = (dense(X[start : start + ROWS]) for start in range(0, X.shape[0], ROWS))
        dtype = self.theta_.dtype
        return np.concatenate([predict(self.network_, self.theta_, one.astype(dtype, copy=False)) for one in blocks])

    def _is_plain(self, X: Any) -> bool:
        """Whether scikit-learn's validation, which takes longer than a forward pass of one row, would return X."""
        return (
            type(X) is np.ndarray
            and X.dtype.char in "df"
            and X.dtype.isnative
            and X.shape[1:] == (self.n_features_in_,)
            and len(X) > 0
            and not hasattr(self, "feature_names_in_")
            and _is_finite(X)
        )

    @quietly
    def _forward(self, weights: Any, X: Array) -> Array:
        return backprop.forward(self.network_, weights, X).Y


def _is_finite(X: Array) -> bool:
    """Whether all numbers are finite: where the sum of their squares is, which is sooner found, they are."""
    return (X.flags.c_contiguous and math.isfinite(np.vdot(X, X))) or bool(np.isfinite(X).all())
