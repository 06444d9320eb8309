"""Data of the workloads: drawn or loaded from fixed seeds, the same in every worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule import datasets

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from benchmarks.workloads import Workload

DIGITS_TRAINED = 1437  # of 1797: the rest are for testing, as in scikit-learn's split of 80 %


class Samples(NamedTuple):
    """Rows X, class numbers, and targets T: the classes one-hot, or one column of 0 and 1."""

    X: npt.NDArray[Any]
    labels: npt.NDArray[np.int64]
    T: npt.NDArray[Any]


def _moons() -> tuple[Any, Any]:
    X, labels = datasets.moons(5000, noise=0.1, random_state=42)
    X_train, _, labels_train, _ = datasets.train_test_split(X, labels, test_size=0.3, random_state=42)
    return X_train, labels_train


def _digits() -> tuple[Any, Any]:
    from sklearn.datasets import load_digits  # noqa: PLC0415  # no other workload needs scikit-learn
    from sklearn.model_selection import train_test_split  # noqa: PLC0415

    X, labels = load_digits(return_X_y=True)
    X_train, _, labels_train, _ = train_test_split(X / 16, labels, train_size=DIGITS_TRAINED, random_state=0)
    return X_train, labels_train


def _normal(n_rows: int, n_features: int, n_classes: int) -> tuple[Any, Any]:
    """Standard normal rows; the class is where a fixed random plane's score is highest: a rule that can be learned."""
    generator = np.random.default_rng(0)
    X = generator.standard_normal((n_rows, n_features), dtype=np.float32)
    planes = generator.standard_normal((n_features, n_classes), dtype=np.float32)
    return X, (X @ planes).argmax(axis=1)


def load(workload: Workload) -> Samples:
    """Rows and targets of a workload in its dtype, X C-contiguous."""
    if workload.data == "xor_easy":
        X, labels = datasets.xor_easy()
    elif workload.data == "linear":
        X, labels = datasets.linear(workload.n_rows, random_state=0)
    elif workload.data == "moons":
        X, labels = _moons()
    elif workload.data == "digits":
        X, labels = _digits()
    else:
        X, labels = _normal(workload.n_rows, workload.sizes[0], workload.sizes[-1])
    dtype = np.dtype(workload.dtype)
    X = np.ascontiguousarray(X, dtype)
    labels = labels.astype(np.int64)
    T = labels[:, None] if workload.output == "sigmoid" else np.eye(workload.sizes[-1])[labels]
    return Samples(X, labels, np.ascontiguousarray(T, dtype))


def epoch_orders(n_rows: int, epochs: int, seed: int = 0) -> Iterator[npt.NDArray[np.int64]]:
    """Deal the order of the rows, epoch by epoch, as ``cr.train(random_state=seed)`` deals it."""
    generator = np.random.RandomState(seed)
    for _ in range(epochs):
        yield generator.permutation(n_rows)
