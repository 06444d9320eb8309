"""The entry to native code: nothing reaches it that it was not compiled for, whatever the sequence of calls."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

import chainrule as cr
from chainrule import Dense, MLPClassifier, MLPRegressor, Network
from chainrule.errors import InvalidValue
from chainrule.kernels.arguments import Batches, Log, State
from chainrule.network.compiled_objective import AS_THEY_STAND, CompiledObjective, predict
from chainrule.training.compiled_steps import rule_of

RNG = np.random.RandomState(0)
X = RNG.normal(size=(120, 4))
y = X[:, 0] - 2 * X[:, 1]
NET = Network([Dense(3, "tanh"), Dense(1)], n_features=4)
N = NET.n_parameters
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning", "ignore:lbfgs")


@pytest.mark.skipif(sys.platform == "win32", reason="pages are guarded by mprotect")
def test_no_sequence_of_calls_leaves_its_arrays():
    """A hundred random sequences on arrays in front of forbidden memory run to their end, without a fault."""
    from tests.kernels.fuzz import run_in_child

    done = run_in_child(20_000, 20_100)
    assert (done.stdout, done.stderr, done.returncode) == ("100 sequences\n", "", 0)


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
@pytest.mark.parametrize(
    ("first", "then"), [(np.float32, np.float64), (np.float64, np.float32), (np.float32, np.int64)]
)
@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_a_warm_start_trains_on_samples_of_another_dtype(engine, first, then, solver):
    """Fitted on, an estimator keeps theta's dtype, takes the samples in it, and gets better."""
    mlp = MLPRegressor(hidden_layer_sizes=(6,), warm_start=True, max_iter=30, random_state=0, engine=engine)
    mlp.fit(X.astype(first), y)
    before, began = mlp.loss_, mlp.theta_.dtype
    mlp.set_params(solver=solver).fit((10 * X).astype(then) if then is np.int64 else X.astype(then), y)
    assert mlp.n_iter_ > 5
    if then is not np.int64:
        assert mlp.loss_ < before
    assert mlp.theta_.dtype == (np.float64 if solver == "lbfgs" else began)


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
def test_partial_fit_alternates_between_dtypes(engine):
    """It trains on every batch in the dtype of the first, as if they had all come in it."""
    dtypes = [np.float32, np.float64, np.float32, np.float64]
    mixed, plain = (MLPClassifier((5,), random_state=0, engine=engine) for _ in range(2))
    for dtype in dtypes:
        mixed.partial_fit(X.astype(dtype), y > 0, classes=[False, True])
        plain.partial_fit(X.astype(np.float32), y > 0, classes=[False, True])
    np.testing.assert_array_equal(mixed.theta_, plain.theta_)
    assert len(mixed.loss_curve_) == 4


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
@pytest.mark.parametrize("warm_start", [True, "continue"])
def test_a_descent_goes_on_where_lbfgs_led(engine, warm_start):
    """Adam on float32, L-BFGS, which computes in float64, and Adam again: it trains, in float64, with new moments."""
    mlp = MLPRegressor(hidden_layer_sizes=(5,), warm_start=warm_start, random_state=0, engine=engine, max_iter=6)
    for solver in ("adam", "lbfgs", "adam"):
        mlp.set_params(solver=solver).fit(X.astype(np.float32), y)
        assert mlp.n_iter_ == 6
    assert mlp.theta_.dtype == np.float64


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("engine", ["textbook", "compiled"])
def test_an_estimator_made_of_a_network_trains(engine, dtype):
    """Whatever the dtype of the network's parameters, and of the samples, its estimator trains on."""
    net = Network([Dense(5, "relu"), Dense(1)], n_features=4)
    mlp = MLPRegressor.from_network(net, net.initial_theta(0, dtype=dtype), warm_start=True, engine=engine, max_iter=9)
    for samples in (np.float32, np.float64):
        assert mlp.fit(X.astype(samples), y).n_iter_ == 9
    assert mlp.theta_.dtype == dtype


# --- every argument of the entry ------------------------------------------------------------------------------------


def run_with(mode="TRAIN", *, orders=AS_THEY_STAND, samples=None, **arrays):
    """Run two epochs of Adam with these arrays in the place of right ones."""
    job = CompiledObjective.of(NET.objective(X, y)).job()
    job = replace(job, samples=job.samples._replace(**(samples or {})))
    right = {name: np.zeros(N) for name in ("theta", "gradient", "first", "second")}
    state = State(**{**right, "average": np.zeros(0), "counts": np.zeros(3, np.int64), **only(State, arrays)})
    log = Log(
        **{"losses": np.zeros(2), "objectives": np.zeros(2), "before": np.zeros(N), "value": np.zeros(1)}
        | only(Log, arrays)
    )
    dtype = arrays.get("rule", np.dtype(np.float64))
    rule = rule_of(cr.adam().recipe, dtype, [0.1, 0.1], clip=None, averaging=False, seed=0)
    return job.run(Batches(orders, len(X)), rule, state, log, mode)


def only(kind, arrays):
    return {name: array for name, array in arrays.items() if name in kind._fields}


def read_only(array):
    array.flags.writeable = False
    return array


WRONG = {
    "dtype": lambda n: np.zeros(n, np.float32),
    "length": lambda n: np.zeros(n - 1),
    "strides": lambda n: np.zeros(2 * n)[::2],
    "read-only": lambda n: read_only(np.zeros(n)),
    "dimensions": lambda n: np.zeros((n, 1)),
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("name", ["theta", "gradient", "first", "second", "before"])
def test_the_entry_refuses_a_wrong_array(name, make):
    """Wrong in dtype, length, contiguity, writeability or dimensions, it is refused by a sentence."""
    with pytest.raises(InvalidValue, match=f"The compiled engine needs .* as {N} contiguous, writable numbers"):
        run_with(**{name: make(N)})


@pytest.mark.parametrize(
    "wrong",
    [
        {"samples": {"X": np.zeros(7)}},
        {"samples": {"T": np.zeros(120, np.float32)}},
        {"samples": {"weight": np.zeros(121)}},
        {"samples": {"weight": np.zeros(1)}},
        {"average": np.zeros(N)},
        {"counts": np.zeros(3)},
        {"counts": np.zeros(2, np.int64)},
        {"losses": np.zeros(1)},
        {"objectives": np.zeros(2, np.float32)},
        {"value": np.zeros(0)},
        {"orders": np.arange(119)},
        {"orders": np.tile(np.arange(120), 3)[:242]},
        {"orders": np.zeros(240, np.int32)},
        {"orders": np.full(240, 120)},
        {"orders": np.full(240, -1)},
        {"rule": np.dtype(np.float32)},
    ],
    ids=str,
)
def test_the_entry_refuses_what_does_not_belong_together(wrong):
    """So it refuses samples, orders, counts and records of another length or dtype, and kernels of another dtype."""
    with pytest.raises(InvalidValue, match=r"The compiled engine|The order of the samples must name"):
        run_with(**wrong)


@pytest.mark.parametrize("mode", ["TRAIN", "MEASURE", "ONLY_UPDATE"])
def test_the_entry_takes_what_is_right(mode):
    """What was compiled for runs."""
    assert run_with(mode, orders=np.tile(np.arange(120), 2))[2] == 0


def test_no_weights_are_weights_of_one():
    """Without weights a run is, to the bit, that with ones."""
    with_ones, without = np.zeros(N), np.zeros(N)
    for theta, weight in ((with_ones, np.ones(len(X))), (without, np.empty(0))):
        assert run_with(orders=np.tile(np.arange(120), 2), samples={"weight": weight}, theta=theta)[2] == 0
    assert with_ones.any()
    assert with_ones.tobytes() == without.tobytes()


def test_an_optimizer_that_remembers_something_else_is_refused():
    """A built-in optimizer whose ``init`` was replaced hands over arrays of its own: a sentence, no crash."""
    odd = replace(cr.adam(), init=lambda theta: (0, np.zeros(2), np.zeros(2)))
    with pytest.raises(InvalidValue, match="needs what the optimizer remembers"):
        cr.train(NET, X, y, optimizer=odd, max_epochs=2, engine="compiled", progress=False)


def test_predictions_refuse_what_is_not_as_long_as_the_network():
    """A theta or an X of other sizes never reaches the kernel; one that lies otherwise in memory is copied."""
    net = Network([Dense(3), Dense(1)], n_features=2)
    theta, X = net.initial_theta(random_state=0), np.ones((4, 2))
    Y = predict(net, theta, X)
    assert np.array_equal(predict(net, np.repeat(theta, 2)[::2], np.asfortranarray(X)), Y)
    for wrong in ((theta[:-1], X), (theta, X[:, :1]), (theta, X.astype(np.float32))):
        with pytest.raises(InvalidValue, match="The compiled engine needs"):
            predict(net, *wrong)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_row_is_refused_only_where_a_number_is_not_finite(dtype):
    """The short look at a row takes what is finite though its square is not, in any order of memory."""
    rows = X.astype(dtype)
    clf = MLPClassifier((5,), max_iter=2, engine="compiled", random_state=0).fit(rows, y > 0)
    row = np.array([[np.finfo(dtype).max, 1, -1, 0]], dtype)
    for same in (row.copy(), np.asfortranarray(np.repeat(row, 3, axis=0)), np.repeat(row, 8, axis=1)[:, ::8]):
        assert np.array_equal(clf.predict_proba(same)[:1], clf.predict_proba(row))
    for wrong in (np.nan, np.inf, -np.inf):
        row[0, 2] = wrong
        with pytest.raises(ValueError, match=r"NaN|infinity"):
            clf.predict(row)
