"""Nothing that a fit needs of the samples is a copy of them: what is allocated beside X is a part of its size."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest

from chainrule import MLPClassifier
from chainrule.estimators.descent import Descent
from chainrule.estimators.samples import Samples
from chainrule.estimators.scaled_objective import PenalizedLoss


@pytest.mark.parametrize("engine", ["compiled", "textbook"])
@pytest.mark.parametrize(
    ("settings", "share"),
    [
        (
            {"solver": "adam", "early_stopping": True},
            0.7,
        ),  # places that train and validate, as train_test_split deals them
        ({"solver": "adam"}, 0.5),
        ({"solver": "lbfgs"}, 0.5),
    ],
)
def test_x_is_not_copied(engine, settings, share):
    """In float32, where L-BFGS computes in float64; counted by what NumPy allocates."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((24_000, 80), dtype=np.float32)
    y = (X[:, 0] > 0).astype(np.int64)
    mlp = MLPClassifier((4,), max_iter=1, batch_size=400, random_state=0, engine=engine, **settings)
    with pytest.warns(match="onverge"):
        mlp.fit(X[:1000], y[:1000])  # what is loaded once is loaded
    gc.collect()
    tracemalloc.start()
    try:
        with pytest.warns(match="onverge"):
            mlp.fit(X, y)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < share * X.nbytes, f"{most / X.nbytes:.2f} times X"


@pytest.mark.parametrize("engine", ["compiled", "textbook"])
@pytest.mark.parametrize("shuffle", [True, False])
def test_rows_of_samples_train_as_the_samples_alone(engine, shuffle):
    """To the bit: where only some rows count, nothing is heard of the others, NaN as they may be."""
    rng = np.random.default_rng(1)
    X, T = rng.standard_normal((50, 3)), rng.integers(0, 2, (50, 1)).astype(float)
    rows = rng.permutation(50)[:31]
    weight = rng.random(50)
    X[np.setdiff1d(np.arange(50), rows)] = np.nan

    def descended(samples):
        mlp = MLPClassifier((4,), max_iter=3, batch_size=7, shuffle=shuffle, random_state=0, engine=engine)
        with pytest.warns(match="onverge"):
            mlp.fit(X[rows], T[rows].ravel())
        mlp._random_state = np.random.RandomState(5)
        mlp._memory = None
        loss = PenalizedLoss(mlp.network_, mlp.alpha, 1.0)
        with pytest.warns(match="onverge"):
            Descent(mlp, loss, samples, None, compiled=engine == "compiled").run(3, alone=False, each=lambda _: False)
        return mlp.theta_

    some = Samples(X, T, weight, rows)
    assert np.array_equal(descended(some), descended(some.copied()))
    assert len(some) == 31
    assert some.total == pytest.approx(weight[rows].sum())
    assert np.array_equal(some.select(np.array([2, 0])).copied().X, X[rows[[2, 0]]])
