"""What large batches and local steps cost: accuracy and log loss on rows that did not train, after as many epochs.

``python -m benchmarks.cluster_accuracy --seeds 5`` trains on scikit-learn's digits by ``chainrule.scale.fit``: small
batches, larger ones with the same rate, with the rate of ``large_batch``, and replicas that meet in their mean after
four steps of their own. It prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

import chainrule as cr
from benchmarks.machine import cpu_model

SMALL, RATE, EPOCHS = 32, 0.001, 30
WAYS = {  # settings, and how many steps a replica makes by itself
    "batches of 32": ({"batch_size": SMALL}, 1),
    "batches of 512": ({"batch_size": 16 * SMALL}, 1),
    "batches of 512, `large_batch(512, 0.001, usual=32)`": (cr.scale.large_batch(16 * SMALL, RATE, usual=SMALL), 1),
    "batches of 128": ({"batch_size": 4 * SMALL}, 1),
    "four replicas with batches of 32, `local_steps=4`": ({"batch_size": 4 * SMALL}, 4),
}


def main() -> None:
    """Train each way from several seeds, and tell means and deviations."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster_accuracy", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    X, y = load_digits(return_X_y=True)
    X, X_test, y, y_test = train_test_split((X / 16).astype(np.float32), y, test_size=0.25, random_state=0, stratify=y)
    folder = Path(tempfile.mkdtemp())
    for name, array in (("X", X), ("y", y)):
        np.save(folder / f"{name}.npy", array)
    data = cr.stream(folder / "X.npy", folder / "y.npy")
    sys.stdout.write(f"{cpu_model()}, digits, {len(X)} rows train, {EPOCHS} epochs, {given.seeds} seeds\n\n")
    sys.stdout.write("| | accuracy | log loss |\n|---|---|---|\n")
    with cr.scale.cluster(workers=1) as client:
        for name, (settings, steps) in WAYS.items():
            found = []
            for seed in range(given.seeds):
                clf = cr.MLPClassifier((64,), max_iter=EPOCHS, tol=0, n_iter_no_change=EPOCHS, random_state=seed)
                clf.set_params(**settings)
                cr.scale.fit(clf, data, client=client, group_rows=SMALL, block_rows=4, local_steps=steps)
                found.append((clf.score(X_test, y_test), log_loss(y_test, clf.predict_proba(X_test))))
            told = [f"{values.mean():.3f} ± {values.std():.3f}" for values in np.array(found).T]
            sys.stdout.write(f"| {name} | {' | '.join(told)} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
