"""Predictions: how a trained network reads its samples, and what it was trained with, in values that JSON knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.training.accuracy import decision

if TYPE_CHECKING:
    from chainrule.labs.task import Task
    from chainrule.maths.arrays import Array

SHOWN = 10  # samples whose answers are listed
ARGUMENTS = ("learning_rate", "batch_size", "l2")


def answers(task: Task, theta: Array) -> dict[str, Any]:
    """Return ``confusion`` (rows are the truth, columns the prediction) and the first ten ``predictions``.

    Both are of the held-out samples, or of the training samples where none are held out.
    """
    X, T, Y = judged(task, theta)
    if task.score != "accuracy":
        return {"predictions": _numbers(Y, X, T)}
    truth, predicted, classes = as_classes(task, T, Y)
    counts = [[int(((truth == row) & (predicted == column)).sum()) for column in classes] for row in classes]
    rows = zip(np.asarray(X)[:SHOWN].tolist(), Y[:SHOWN].tolist(), predicted.tolist(), truth.tolist(), strict=False)
    return {
        "confusion": {"classes": classes, "counts": counts},
        "predictions": [{"x": x, "y": y, "predicted": p, "truth": t} for x, y, p, t in rows],
    }


def judged(task: Task, theta: Array) -> tuple[Array, Array, Array]:
    """Return X, T and the outputs Y of the samples that a run is judged by: held out, or trained on without any."""
    X, targets = (task.X, task.T) if task.test is None else task.test
    return X, task.net.targets(targets, len(X)), task.net.predict(theta, X)


def as_classes(task: Task, T: Array, Y: Array) -> tuple[Any, Any, list[int]]:
    """Read targets and outputs as classes, (n_samples,) each, and name the classes there are."""
    read = decision(task.net, T)
    truth, predicted = (read.labels(values).ravel().astype(int) for values in (T, Y))
    classes = range(task.net.n_outputs) if read.boundary is None else [int(value) for value in read.classes]
    return truth, predicted, list(classes)


def _numbers(Y: Array, X: Array, T: Array) -> list[dict[str, Any]]:
    """The first ten answers where they are numbers: what is predicted is the output itself."""
    rows = zip(np.asarray(X)[:SHOWN].tolist(), Y[:SHOWN].tolist(), T[:SHOWN].tolist(), strict=True)
    return [{"x": x, "y": y, "predicted": y, "truth": t} for x, y, t in rows]


def training(task: Task) -> dict[str, Any]:
    """Return what the task was trained with: SciPy's method or the optimizer's name, and its numbers."""
    given = task.training
    optimizer = given.get("optimizer", "sgd") if task.method is None else None
    numbers = {name: given[name] for name in ARGUMENTS if name in given}
    return {"method": task.method, "optimizer": getattr(optimizer, "name", optimizer), "epochs": task.cap, **numbers}


def data(task: Task) -> dict[str, Any]:
    """Return how many samples there are, and how many of each class to train on."""
    T = task.net.targets(task.T, len(task.X))
    n_test = 0 if task.test is None else len(task.test[0])
    sizes = {"n_train": len(task.X), "n_test": n_test, "n_features": task.net.n_features}
    if task.score != "accuracy":
        return sizes
    values, counts = np.unique(decision(task.net, T).labels(T), return_counts=True)
    return {**sizes, "class_counts": {f"{value:g}": int(n) for value, n in zip(values, counts, strict=True)}}
