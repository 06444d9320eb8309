"""scikit-learn's MLPClassifier: one fit from the given start, with everything off that would stop it or warn.

It always has biases, and two classes are one logistic output: its reference is a chainrule network of that kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks.data import load
from benchmarks.workloads import Workload

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from benchmarks.workloads import Layers

ACTIVATIONS = {"sigmoid": "logistic", "relu": "relu"}


class EachEpochAnew(np.random.RandomState):
    """A generator that deals each epoch's order from scratch, as chainrule and PyTorch do, for checking alone.

    scikit-learn shuffles the order that the last epoch left; this hands it the shuffle that turns that order into the
    permutation a fresh deal would be.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._dealer = np.random.RandomState(seed)
        self._order: Any = None

    def shuffle(self, x: Any) -> None:
        """Put into x the way from the last order to the next."""
        fresh = self._dealer.permutation(len(x))
        x[:] = fresh if self._order is None else np.argsort(self._order)[fresh]
        self._order = fresh


def estimator(workload: Workload, **more: Any) -> MLPClassifier:
    """Return an estimator with the workload's settings, no penalty and no way to stop early."""
    solver = {"momentum": 0.0} if workload.optimizer == "sgd" else {}
    settings: dict[str, Any] = {
        "hidden_layer_sizes": workload.sizes[1:-1],
        "activation": ACTIVATIONS[workload.hidden],
        "solver": workload.optimizer,
        "alpha": 0.0,
        "batch_size": workload.batch_size or workload.n_rows,
        "shuffle": workload.batch_size is not None,
        "learning_rate_init": workload.learning_rate,
        "tol": 0.0,
        "n_iter_no_change": 10**9,
        "random_state": 0,
    }
    return MLPClassifier(**settings | solver | more)


def started(workload: Workload, X: npt.NDArray[Any], labels: npt.NDArray[Any], seed: int = 0) -> MLPClassifier:
    """Return an estimator that stands at the workload's start; its next fit begins there."""
    model = estimator(workload, max_iter=1)
    classes = np.unique(labels)
    model.partial_fit(X[: len(classes)], labels[: len(classes)], classes=classes)
    model.warm_start = True
    place(model, workload.for_scikit_learn().start(seed))
    return model


def place(model: MLPClassifier, layers: Layers) -> None:
    """Put the parameters of a network into an estimator, at epoch 0."""
    model.coefs_ = [W for W, _ in layers]
    model.intercepts_ = [np.zeros(W.shape[1], W.dtype) if b is None else b for W, b in layers]
    model.loss_curve_, model.t_, model.best_loss_, model._no_improvement_count = [], 0, np.inf, 0


class ScikitLearn:
    """Trains by one ``fit`` of so many iterations, and predicts by ``predict_proba``."""

    libraries = ("sklearn",)
    compiles_each_length = False

    def prepare(self, workload: Workload) -> None:
        """Load the data; the start is put in place for every fit."""
        self.workload, self.samples = workload, load(workload)
        self.model = started(workload, self.samples.X, self.samples.labels)

    def train(self, epochs: int, random_state: Any = 0) -> Layers:
        """Fit from the start."""
        place(self.model, self.workload.for_scikit_learn().start())
        self.model.set_params(max_iter=epochs, random_state=random_state)
        self.model.fit(self.samples.X, self.samples.labels)
        return list(zip(self.model.coefs_, self.model.intercepts_, strict=True))

    def check(self, epochs: int) -> Layers:
        """Fit over the textbook's batches."""
        return self.train(epochs, EachEpochAnew(0))

    def predictor(self, workload: Workload) -> Callable[[npt.NDArray[Any]], npt.NDArray[Any]]:
        """``predict_proba`` at the workload's start."""
        samples = load(workload)
        return started(workload, samples.X, samples.labels).predict_proba


def fit_one(values: dict[str, Any], seed: int, epochs: int) -> float:
    """Fit one of many small networks and return its last loss: what a process of joblib's does."""
    workload = Workload.from_dict(values)
    samples = load(workload)
    model = started(workload, samples.X, samples.labels, seed)
    model.set_params(max_iter=epochs).fit(samples.X, samples.labels)
    return float(model.loss_)
