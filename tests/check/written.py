"""A student's code as text, right as it stands: a test edits it as a student would have."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import numpy as np

from chainrule import Dense, Network

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

NET = Network([Dense(4, "tanh"), Dense(1, "sigmoid")], n_features=3, loss="log_loss")
SQUARE = Network([Dense(3, "tanh"), Dense(3, "sigmoid")], n_features=3, loss="log_loss")
SMALL = Network([Dense(2, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")

RIGHT = """
def backprop(W1, b1, W2, b2, X, T, l2):
    N = len(X)
    Z1 = X @ W1 + b1
    A1 = np.tanh(Z1)
    Y = sigmoid(A1 @ W2 + b2)
    loss = -(T * np.log(Y) + (1 - T) * np.log(1 - Y)).sum() / N + l2 * ((W1**2).sum() + (W2**2).sum())
    dZ2 = (Y - T) / N
    dW2 = A1.T @ dZ2 + 2 * l2 * W2
    db2 = dZ2.sum(axis=0)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (1 - A1**2)
    dW1 = X.T @ dZ1 + 2 * l2 * W1
    db1 = dZ1.sum(axis=0)
    return loss, dW1, db1, dW2, db2
"""


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def student(*edits, name="backprop", source=RIGHT):
    """Return the function of a text after edits (old, new), each of which must be found once."""
    for old, new in edits:
        assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in the text."
        source = source.replace(old, new)
    module = {"np": np, "sigmoid": sigmoid}
    exec(source, module)  # noqa: S102  # the texts stand in this folder
    return module[name]


def as_module(path: Path) -> ModuleType:
    """Import a file, whatever it is called."""
    spec = importlib.util.spec_from_file_location(f"student_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names(report):
    return [mistake.name for mistake in report.mistakes]


def same(one, other):
    """Whether two reports say the same."""
    return (one.to_dict(), str(one)) == (other.to_dict(), str(other))
