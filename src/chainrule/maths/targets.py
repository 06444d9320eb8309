"""Targets: what a loss has to say about the T it is given, None or the end of a sentence that begins with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array


def any_targets(T: Array) -> str | None:
    """Find nothing wrong: every finite target will do."""
    return None


def probability_targets(T: Array) -> str | None:
    """Say what is wrong with targets that should lie between 0 and 1."""
    if T.min() < 0.0 or T.max() > 1.0:
        worst = T.min() if T.min() < 0.0 else T.max()
        return f"needs targets between 0 and 1, got {worst:g}. Code the two classes as 0 and 1."
    return None


def distribution_targets(T: Array) -> str | None:
    """Say what is wrong with targets whose rows should be distributions."""
    off = np.abs(T.sum(axis=1) - 1.0) > 1e-6
    if T.min() < 0.0 or off.any():
        row = int(np.argmax(off | (T < 0.0).any(axis=1)))
        return (
            f"needs targets whose rows are ≥ 0 and sum to one, row {row} is {T[row].tolist()}. "
            "One-hot encode class labels: datasets.one_hot(labels)."
        )
    return None


def count_targets(T: Array) -> str | None:
    """Say what is wrong with targets that should be counts or rates, 0 and more."""
    if T.min() < 0.0:
        return f"needs targets ≥ 0, counts or rates, got {T.min():g}."
    return None


def sign_targets(T: Array) -> str | None:
    """Say what is wrong with targets that should be −1 or +1."""
    wrong = np.abs(T) != 1.0
    if wrong.any():
        return f"needs targets -1 and +1, got {T[wrong][0]:g}. From labels 0 and 1: T = 2 * labels - 1."
    return None
