"""Combinations: settings of an estimator that cannot be together."""

from __future__ import annotations

from typing import Any

from chainrule.errors import InvalidValue
from chainrule.estimators.solvers import STOCHASTIC


def check_combinations(mlp: Any, *, incremental: bool, validated: bool) -> None:
    """Refuse settings that cannot be together."""
    if mlp.solver in STOCHASTIC:
        if mlp.early_stopping and incremental:
            raise ValueError("partial_fit does not support early_stopping=True")
        if mlp.early_stopping and mlp.average_from is not None:
            raise InvalidValue(
                f"Cannot use average_from={mlp.average_from} with early_stopping=True: one ends with the mean of "
                "the weights, the other with the best. Leave one out."
            )
        return
    if validated:
        raise InvalidValue(
            f"Cannot use X_val with solver={mlp.solver!r}: it has no epochs to score. Use solver='adam'."
        )
    if not isinstance(mlp.learning_rate, str):
        raise InvalidValue(
            f"Cannot use learning_rate={mlp.learning_rate!r} with solver={mlp.solver!r}: it chooses its steps "
            "itmlp. Use solver='adam', or learning_rate='constant'."
        )
    for name, off in (("dropout", 0), ("input_dropout", 0), ("max_gradient_norm", None), ("average_from", None)):
        value = getattr(mlp, name)
        if value != off:
            raise InvalidValue(
                f"Cannot use {name}={value!r} with solver={mlp.solver!r}: it looks at all samples at once, and "
                f"every step at the same function. Use solver='adam', or {name}={off!r}."
            )
