"""The data of the parity grid: scikit-learn's small sets and generated ones of every task, most of them scaled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import sklearn.datasets as toys

if TYPE_CHECKING:
    from collections.abc import Callable


class Data(NamedTuple):
    """Rows, targets, and the task they set."""

    X: np.ndarray
    y: np.ndarray
    task: str


def _standard(A: np.ndarray) -> np.ndarray:
    """Columns of mean 0 and deviation 1; a constant column is 0."""
    scale = A.std(axis=0)
    return (A - A.mean(axis=0)) / np.where(scale == 0, 1.0, scale)


def _counts(n_outputs: int) -> Data:
    """Counts whose logarithm is linear in the rows."""
    X = np.random.RandomState(5).normal(size=(180, 6))
    W = np.random.RandomState(6).normal(scale=0.4, size=(6, n_outputs))
    counts = np.random.RandomState(7).poisson(np.exp(0.5 + X @ W)).astype(float)
    return Data(X, counts[:, 0] if n_outputs == 1 else counts, "poisson" if n_outputs == 1 else "poisson, several")


def _digits() -> Data:
    X, y = toys.load_digits(return_X_y=True)
    return Data(_standard(X[:400]), y[:400], "multiclass")


def _digits_raw() -> Data:
    X, y = toys.load_digits(return_X_y=True)
    return Data(X[400:800], y[400:800], "multiclass")


def _breast_cancer() -> Data:
    X, y = toys.load_breast_cancer(return_X_y=True)
    return Data(_standard(X[:400]), y[:400], "binary")


def _breast_cancer_raw() -> Data:
    X, y = toys.load_breast_cancer(return_X_y=True)
    return Data(X[:300], y[:300], "binary")


def _wine() -> Data:
    X, y = toys.load_wine(return_X_y=True)
    return Data(_standard(X), y, "multiclass")


def _wine_raw() -> Data:
    X, y = toys.load_wine(return_X_y=True)
    return Data(X, y, "multiclass")


def _iris() -> Data:
    bunch = toys.load_iris()
    return Data(_standard(bunch.data), bunch.target_names[bunch.target], "multiclass")


def _iris_tiny() -> Data:
    X, y = toys.load_iris(return_X_y=True)
    return Data(_standard(X[44:61]), y[44:61] == 1, "binary")


def _diabetes() -> Data:
    X, y = toys.load_diabetes(return_X_y=True)
    return Data(_standard(X), _standard(y), "regression")


def _diabetes_raw() -> Data:
    X, y = toys.load_diabetes(return_X_y=True, scaled=False)
    return Data(X[:200], y[:200], "regression")


def _diabetes_tiny() -> Data:
    X, y = toys.load_diabetes(return_X_y=True)
    return Data(_standard(X[:19]), _standard(y[:19]), "regression")


def _made_binary() -> Data:
    X, y = toys.make_classification(200, 8, n_informative=4, flip_y=0.1, random_state=1)
    return Data(_standard(X), np.where(y == 1, "yes", "no"), "binary")


def _made_multiclass() -> Data:
    X, y = toys.make_classification(250, 10, n_informative=6, n_classes=4, flip_y=0.1, random_state=2)
    return Data(_standard(X), np.array([3, 5, 8, 13])[y], "multiclass")


def _made_multilabel() -> Data:
    X, Y = toys.make_multilabel_classification(200, 12, n_classes=5, random_state=3)
    return Data(_standard(X), Y, "multilabel")


def _made_outputs() -> Data:
    X, Y = toys.make_regression(150, 7, n_targets=3, noise=5.0, random_state=4)
    return Data(_standard(X), _standard(Y), "several outputs")


DATA: dict[str, Callable[[], Data]] = {
    "digits": _digits,
    "breast_cancer": _breast_cancer,
    "wine": _wine,
    "iris": _iris,
    "diabetes": _diabetes,
    "made_binary": _made_binary,
    "made_multiclass": _made_multiclass,
    "made_multilabel": _made_multilabel,
    "made_outputs": _made_outputs,
    "counts": lambda: _counts(1),
    "several_counts": lambda: _counts(2),
    "iris_tiny": _iris_tiny,
    "diabetes_tiny": _diabetes_tiny,
    "digits_raw": _digits_raw,
    "breast_cancer_raw": _breast_cancer_raw,
    "wine_raw": _wine_raw,
    "diabetes_raw": _diabetes_raw,
}
