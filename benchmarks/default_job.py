"""A job at its library's defaults, in a process of its own: ``python -m benchmarks.default_job JOB CONTENDER``.

It prints what it measured as JSON: seconds, or bytes at the peak above X as a share of X.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

OURS, THEIRS, TEXT = "chainrule", "scikit-learn", "text"
GRID = {
    "alpha": [1e-4, 1e-2, 1.0],
    "hidden_layer_sizes": [(30,), (100,)],
    "learning_rate_init": [1e-3, 1e-2],
    "activation": ["relu", "tanh"],
}  # 24 candidates


def estimators(contender: str) -> tuple[Any, Any]:
    """Return a contender's classifier and regressor; to import them is a part of the job."""
    if contender == OURS:
        from chainrule import MLPClassifier, MLPRegressor
    else:
        from sklearn.neural_network import MLPClassifier, MLPRegressor
    return MLPClassifier, MLPRegressor


def digits(dtype: str) -> tuple[Any, Any]:
    """Return scikit-learn's digits, from 0 to 1."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    return (X / 16).astype(dtype), y


def second_fit(contender: str, dtype: str) -> float:
    """Seconds of ``MLPClassifier(max_iter=30).fit(digits)``, the best of the second to the sixth in a process."""
    classifier, _ = estimators(contender)
    X, y = digits(dtype)
    seconds = []
    for seed in range(6):
        began = time.perf_counter()
        classifier(max_iter=30, random_state=seed).fit(X, y)
        seconds.append(time.perf_counter() - began)
    return min(seconds[1:])


def search(contender: str) -> float:
    """Seconds of a search of 24 candidates in 5 folds on digits, on all cores; its processes are warm."""
    from sklearn.model_selection import GridSearchCV

    classifier, _ = estimators(contender)
    X, y = digits("float32")
    job = GridSearchCV(classifier(max_iter=30, random_state=0), GRID, cv=5, n_jobs=-1)
    GridSearchCV(classifier(max_iter=30, random_state=0), {"alpha": [1e-4, 1e-2]}, cv=2, n_jobs=-1).fit(X, y)
    began = time.perf_counter()
    job.fit(X, y)
    return time.perf_counter() - began


def small_fit(contender: str) -> float:
    """A fit of 0.1 s of the textbook's time, imports included: ``defaults`` takes the time of the whole process."""
    import numpy as np

    classifier, _ = estimators(contender)
    X = np.random.default_rng(0).normal(size=(200, 4))
    classifier((20,), max_iter=1000, n_iter_no_change=1000, random_state=0).fit(X, X[:, 0] > 0)
    return 0.0


def s4(contender: str, epochs: int = 2000) -> float:
    """S4's 21 points, 2000 epochs: the seconds of a second run; ``defaults`` takes those of the process, too."""
    from benchmarks.data import load
    from benchmarks.workloads import WORKLOADS

    workload = WORKLOADS["xor-21"]
    samples = load(workload)
    if contender == OURS:
        import chainrule as cr
        from benchmarks.contenders.ours import flat

        theta = flat(workload.start())
        net, settings = workload.network(), {"learning_rate": workload.learning_rate, "max_epochs": epochs}

        def train() -> None:
            cr.train(net, samples.X, samples.T, theta, progress=False, **settings)
    else:
        from benchmarks.contenders.text import Text

        text = Text()
        text.prepare(workload)

        def train() -> None:
            text.train(epochs)

    train()
    began = time.perf_counter()
    train()
    return time.perf_counter() - began


def peak_above(work: Callable[[], object], n_bytes: int) -> float:
    """Return by how much the process's memory grew at most during some work, as a share of so many bytes."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here on
    before = _memory("VmRSS")
    work()
    return (_memory("VmHWM") - before) / n_bytes


def _memory(name: str) -> int:
    status = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in status if line.startswith(name))


def warm(contender: str, estimator: Any, X: Any, y: Any) -> None:
    """Fit a few rows, so that whatever is imported is there: ours with the engine that many rows will take."""
    if contender == OURS:
        estimator.set_params(engine="compiled")
    estimator.fit(X, y)


def epoch_memory(contender: str, **settings: Any) -> float:
    """Memory above X of one epoch on 1 000 000 × 50 in float32."""
    import numpy as np

    classifier, _ = estimators(contender)
    X = np.random.default_rng(0).normal(size=(1_000_000, 50)).astype(np.float32)
    y = (X[:, 0] > 0).astype(np.int64)
    warm(contender, classifier(max_iter=1, random_state=0, **settings), X[:3000], y[:3000])
    return peak_above(lambda: classifier(max_iter=1, random_state=0, **settings).fit(X, y), X.nbytes)


def lbfgs_memory(contender: str, dtype: str) -> float:
    """Memory above X of three iterations of lbfgs on 1 000 000 × 20."""
    import numpy as np

    _, regressor = estimators(contender)
    X = np.random.default_rng(0).normal(size=(1_000_000, 20)).astype(dtype)
    y = X[:, 0] - X[:, 1]
    settings = {"solver": "lbfgs", "max_iter": 3, "random_state": 0, "hidden_layer_sizes": (20,)}
    warm(contender, regressor(**settings), X[:3000], y[:3000])
    return peak_above(lambda: regressor(**settings).fit(X, y), X.nbytes)


JOBS: dict[str, Callable[[str], float]] = {
    "second fit, float32": lambda contender: second_fit(contender, "float32"),
    "second fit, float64": lambda contender: second_fit(contender, "float64"),
    "search": search,
    "small fit": small_fit,
    "s4": s4,
    "epoch memory": epoch_memory,
    "early stopping memory": lambda contender: epoch_memory(contender, early_stopping=True),
    "lbfgs memory, float32": lambda contender: lbfgs_memory(contender, "float32"),
    "lbfgs memory, float64": lambda contender: lbfgs_memory(contender, "float64"),
}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.stdout.write(json.dumps(JOBS[sys.argv[1]](sys.argv[2])) + "\n")
