"""Validation: what is held out to tell when to stop, a share of the samples or samples of your own."""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.utils.validation import _check_sample_weight, _num_samples

from chainrule.errors import InvalidValue, warn
from chainrule.estimators.checked_inputs import refuse_masked
from chainrule.estimators.samples import ROWS, Samples, by_row, dense
from chainrule.maths.arrays import quietly
from chainrule.network.inputs import total_weight

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.estimators.scaled_objective import PenalizedLoss
    from chainrule.maths.arrays import Array

FAR = 3.0  # standard deviations
FEWEST = 20, 5  # rows of X and of X_val


def held_out(mlp: Any, loss: PenalizedLoss, samples: Samples) -> tuple[Samples, Callable[[Array], float]]:
    """Split off a share of the samples as scikit-learn does, stratified where there is one output of classes."""
    if mlp.validation_fraction == 0:
        raise InvalidValue(
            "early_stopping=True needs samples to validate on, and validation_fraction=0 leaves none. Use 0.1, or pass "
            "X_val and y_val."
        )
    train, test = (samples.select(which) for which in _split(mlp, samples))
    if len(test) < 2:
        raise ValueError("The validation set is too small. Increase 'validation_fraction' or the size of your dataset.")
    labels, own = mlp._labels(test.T[test.rows]), mlp.scoring is None or mlp.scoring == "loss"
    test = test if own else test.copied()
    return train, validator(mlp, loss, test, test.X, labels)


def _split(mlp: Any, samples: Samples) -> tuple[Any, Any]:
    """Return which samples train and which validate: as before where a training is continued."""
    known = mlp._parts if mlp.warm_start == "continue" else None
    if known is not None and sum(map(len, known)) == len(samples):
        return known
    from sklearn.model_selection import train_test_split  # noqa: PLC0415  # for early stopping alone

    stratify = samples.T if is_classifier(mlp) and samples.T.shape[1] == 1 else None
    mlp._parts = train_test_split(
        np.arange(len(samples)), random_state=mlp._random_state, test_size=mlp.validation_fraction, stratify=stratify
    )
    return mlp._parts


def own_samples(mlp: Any, dtype: Any, n_outputs: int, X: Any, y: Any, sample_weight: Any) -> tuple[Samples, Any, Any]:
    """Take the user's own validation samples, of the same features and of known classes."""
    if X is None or y is None:
        raise InvalidValue("X_val and y_val come together: pass both, or neither.")
    if _num_samples(X) == 0:
        raise InvalidValue("X_val has no rows: leave X_val out, or pass at least one.")
    checked, labels = mlp._validate_own(X, y, dtype)
    refuse_masked("sample_weight_val", sample_weight)
    weight = None if sample_weight is None else _check_sample_weight(sample_weight, checked)
    if weight is not None:
        total_weight(weight)
    T = mlp._targets(labels, checked.dtype)
    if T.shape[1] != n_outputs:
        raise InvalidValue(f"y_val must have y's {n_outputs} outputs, got {T.shape[1]}.")
    return Samples(by_row(checked), T, weight), X, labels


def warn_if_far(mlp: Any, X: Any, X_val: Any) -> None:
    """Warn of a column in which most of X_val is more than three deviations from X's mean: one of them is not scaled.

    Of X no more than a ninth lies so far out, whatever its distribution (Chebyshev). Columns of one number in X have no
    deviation, and few rows a chance one: they are passed over.
    """
    if X.shape[0] < FEWEST[0] or X_val.shape[0] < FEWEST[1]:
        return
    train, test = (_some_rows(rows) for rows in (X, X_val))
    with np.errstate(all="ignore"):
        mean, deviation, median = train.mean(axis=0), train.std(axis=0), np.median(test, axis=0)
        far = np.abs(median - mean) / deviation
    far[~np.isfinite(far) | (deviation <= 1e-12 * np.abs(mean))] = 0.0
    worst = int(np.argmax(far))
    if far[worst] <= FAR:
        return
    name = repr(mlp.feature_names_in_[worst]) if hasattr(mlp, "feature_names_in_") else worst
    warn(
        f"X_val lies far outside X: in column {name} its median is {median[worst]:.4g}, and X is {mean[worst]:.4g} ± "
        f"{deviation[worst]:.4g}. Both must be scaled alike. A Pipeline transforms X_val only if it is told to: "
        "Pipeline(steps, transform_input=['X_val']), see docs/estimators.md."
    )


def _some_rows(X: Any) -> Array:
    """Return at most ROWS of the rows, evenly spaced, as a dense array in float64."""
    return dense(X[:: -(-X.shape[0] // ROWS)]).astype(np.float64, copy=False)


def validator(mlp: Any, loss: PenalizedLoss, test: Samples, X: Any, labels: Any) -> Callable[[Array], float]:
    """Return what scores a theta: the accuracy or R², the loss, or any scorer of scikit-learn."""
    from sklearn.metrics import accuracy_score, check_scoring, r2_score  # noqa: PLC0415  # the same

    if mlp.scoring == "loss":
        return partial(_minus_loss, loss, test)
    if mlp.scoring is None:
        score = accuracy_score if is_classifier(mlp) else r2_score
        return lambda theta: _own_score(mlp, test, labels, score)  # noqa: ARG005  # the estimator holds it
    scorer = check_scoring(mlp, mlp.scoring)
    weight = {} if test.weight is None else {"sample_weight": test.weight}

    def validate(theta: Array) -> float:  # noqa: ARG001  # the estimator holds it
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "X does not have valid feature names")
            return float(scorer(mlp, X, labels, **weight))

    return validate


def _minus_loss(loss: PenalizedLoss, test: Samples, theta: Array) -> float:
    return -loss.data_loss(theta, test)


@quietly
def _own_score(mlp: Any, test: Samples, labels: Any, score: Callable[..., float]) -> float:
    """Score without checking the inputs again; NaN where the outputs are not finite."""
    outputs = [mlp._outputs(batch.X, check=False) for batch in test.blocks()]
    predicted = mlp._read(np.concatenate(outputs))
    if np.issubdtype(predicted.dtype, np.floating) and not np.isfinite(predicted).all():
        return float("nan")
    return float(score(labels, predicted, sample_weight=test.weight_of_rows))
