"""What labs do alike with points of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule import datasets
from chainrule.labs.settings import Setting, number, or_none

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator

TEST_SIZE = Setting(
    "test_size",
    0.3,
    "share of --data held out for testing, or none",
    or_none(number(above=0, below=1)),
)


def hold_out(
    X: Array, T: Any, test_size: float | None, generator: Generator
) -> tuple[Array, Any, tuple[Array, Any] | None]:
    """Split off a share for testing: (X, T, test), test None where nothing is to be held out."""
    if test_size is None:
        return X, T, None
    X_train, X_test, T_train, T_test = datasets.train_test_split(X, T, test_size=test_size, random_state=generator)
    return X_train, T_train, (X_test, T_test)
