"""Diverging runs end alike under both engines: the same epoch, the same status, the last finite theta."""

from __future__ import annotations

import ctypes
import sys
from functools import cache

import numpy as np
import pytest

import chainrule as cr
from chainrule import Dense, MLPClassifier, Network
from chainrule.errors import InvalidValue
from chainrule.kernels.linking import link
from chainrule.kernels.objects import Kernel
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES

OPTIMIZERS = {
    "sgd": cr.sgd,
    "momentum": lambda rate: cr.sgd(rate, momentum=0.9),
    "nesterov": lambda rate: cr.sgd(rate, momentum=0.9, nesterov=True),
    "adam": cr.adam,
    "adamw": cr.adamw,
    "rmsprop": cr.rmsprop,
    "adagrad": cr.adagrad,
}
TARGETS = {
    "perceptron": np.sign,
    "hinge": np.sign,
    "squared_hinge": np.sign,
    "log_loss": lambda T: (T > 0) * 1.0,
    "poisson": lambda T: np.floor(np.abs(T)),
    "cross_entropy": lambda T: np.eye(T.shape[1])[T.argmax(axis=1)],
}


def network(hidden, last, loss, n_outputs=2):
    return Network([Dense(4, hidden), Dense(n_outputs, last)], n_features=3, loss=loss)


def drawn_run(seed):
    """Draw a network, samples of any size and a huge rate; return what trains it by an engine."""
    rng = np.random.RandomState(seed)
    outputs = [(a, loss) for a in ACTIVATIONS.values() for loss in LOSSES.values() if loss.domain.contains(a.range)]
    last, loss = outputs[rng.randint(len(outputs))]
    hidden = [name for name in ACTIVATIONS if name != "softmax"][rng.randint(len(ACTIVATIONS) - 1)]
    net = network(hidden, last.name, loss.name)
    size, rate = 10.0 ** rng.uniform(-1, 3), 10.0 ** rng.uniform(-1, 5)
    X = rng.normal(size=(20, 3)) * size
    T = TARGETS.get(loss.name, np.array)(rng.normal(size=(20, 2)) * size)
    settings = {
        "optimizer": OPTIMIZERS[list(OPTIMIZERS)[rng.randint(len(OPTIMIZERS))]](rate),
        "batch_size": (None, None, 7)[rng.randint(3)],
        "l2": (0.0, 0.0, 0.1)[rng.randint(3)],
    }
    theta = net.initial_theta(seed, dtype=(np.float32, np.float64)[rng.randint(2)])
    return lambda engine: cr.train(
        net, X, T, theta, max_epochs=40, engine=engine, progress=False, random_state=0, **settings
    )


def difference(seed):
    """Say how the engines' runs of a seed differ in their ends, and whether theta was always finite."""
    runs = [drawn_run(seed)(engine) for engine in ("textbook", "compiled")]
    if not all(np.isfinite(run.theta).all() for run in runs):
        return "an infinite theta"
    one, other = ((run.status, run.epochs, bool(np.isfinite(run.loss))) for run in runs)
    return None if one == other else f"{one} and {other}"


# ``python -m tests.training.test_engines_diverge 1500`` names the seeds that differ: see first whether rounding
# grew from epoch to epoch until one engine overflowed and the other did not.
@pytest.mark.parametrize("seed", range(40))
def test_a_diverging_run_ends_alike(seed):
    """Either engine ends a run of any network, loss, optimizer and dtype at a huge rate in the same epoch and way."""
    assert difference(seed) is None


@cache
def is_finite_of(dtype):
    """Compile the kernels' look for NaN as all of them are, alone, and return it as a function of an array."""
    from numba import from_dtype, types

    from chainrule.kernels import engine

    signature = (types.Array(from_dtype(np.dtype(dtype)), 1, "C"),)
    engine.is_finite.compile(signature)
    compiled = engine.is_finite.overloads[signature]
    address = link(Kernel(compiled.fndesc.llvm_func_name, (), compiled.library.object_code()))
    pointer, whole = ctypes.c_void_p, ctypes.c_ssize_t
    # numba's convention: places for the result and an error, then an array: owner, object, items, their size, data, …
    call = ctypes.CFUNCTYPE(ctypes.c_int32, *[pointer] * 4, whole, whole, pointer, whole, whole)(address)

    def is_finite(array):
        found, error = ctypes.c_uint8(7), pointer()
        size = array.itemsize
        data = array.ctypes.data
        assert (
            call(ctypes.addressof(found), ctypes.addressof(error), None, None, len(array), size, data, len(array), size)
            == 0
        )
        return {0: False, 1: True}[found.value]

    return is_finite


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 33, 64, 151])
def test_no_entry_that_is_not_finite_is_missed(dtype, n):
    """Wherever one NaN or infinity stands, the kernels see it: x − x, which the compiler takes for 0, does not."""
    is_finite = is_finite_of(dtype)
    assert is_finite(np.ones(n, dtype))
    for place in range(n):
        for value in (np.nan, np.inf, -np.inf):
            array = np.ones(n, dtype)
            array[place] = value
            assert not is_finite(array)


@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop"])
def test_a_squared_gradient_that_overflows_moves_nothing(name):
    """Where g² is infinite either engine divides by that, and goes on: it is not taken for ∞ − ∞."""
    net = Network([Dense(1)], n_features=1)
    theta, settings = np.array([1e60, 0.0]), {"optimizer": OPTIMIZERS[name](1e-3), "max_epochs": 4, "progress": False}
    runs = [cr.train(net, [[1e60]], [0.0], theta, engine=one, **settings) for one in ("textbook", "compiled")]
    assert [(run.status, run.epochs) for run in runs] == [("max_epochs", 4)] * 2
    np.testing.assert_allclose(runs[1].theta, runs[0].theta)


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
def test_an_infinite_weight_is_seen(engine):
    """A step that leads out of the finite numbers behind saturated units ends the run at the theta before."""
    net = network("tanh", "tanh", "half_squared_error")
    rng = np.random.RandomState(0)
    X, T = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))
    run = cr.train(
        net, X, T, optimizer=cr.sgd(1e308), max_epochs=9, engine=engine, progress=False, random_state=0, l2=0.4
    )
    assert run.status == "non_finite"
    assert np.isfinite(run.theta).all()


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
def test_a_loss_that_overflows_is_not_reported_finite(engine):
    """An output that underflows to 0 in float32 has an infinite Poisson loss, and that is what is said."""
    net = Network([Dense(1, "softplus")], n_features=1, loss="poisson")
    theta = np.array([-200.0, 0.0], np.float32)
    run = cr.train(net, [[1.0], [1.0]], [1.0, 4.0], theta, max_epochs=2, engine=engine, progress=False)
    assert (run.status, run.epochs, run.loss) == ("non_finite", 0, np.inf)


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
@pytest.mark.parametrize("batch_size", [None, 1])
@pytest.mark.parametrize("loss", ["perceptron", "hinge", "squared_hinge"])
def test_an_infinite_output_on_the_right_side_is_not_taken_for_no_error(loss, batch_size, engine):
    """An output that overflows costs a hinge nothing, and ends the run all the same: it predicts no number."""
    net = Network([Dense(1)], n_features=1, loss=loss)
    theta, settings = np.array([1e300, 0.0]), {"batch_size": batch_size, "engine": engine, "progress": False}
    run = cr.train(net, [[1e30], [2e30]], [1.0, 1.0], theta, max_epochs=2, **settings)
    assert (run.status, run.epochs, np.isfinite(run.loss)) == ("non_finite", 0, False)


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
@pytest.mark.parametrize("batch_size", [None, 2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_whose_sum_overflows_are_refused(engine, batch_size, dtype):
    """Sample weights whose sum is infinite would leave every sample without a share: a sentence says so, everywhere."""
    net = network("tanh", "identity", "half_squared_error")
    X, T = np.ones((4, 3), dtype), np.ones((4, 2), dtype)
    weight, theta = np.full(4, np.finfo(dtype).max), net.initial_theta(0, dtype=dtype)
    settings = {"sample_weight": weight, "engine": engine, "batch_size": batch_size, "progress": False}
    words = f"sample_weight adds up to more than the largest {np.dtype(dtype)}"
    with pytest.raises(InvalidValue, match=words):
        cr.train(net, X, T, theta, max_epochs=2, **settings)
    with pytest.raises(InvalidValue, match=words):
        net.objective(X, T, sample_weight=weight)
    mlp = MLPClassifier((3,), max_iter=1, engine=engine)
    with pytest.raises(InvalidValue, match=words):
        mlp.fit(X, [0, 1, 0, 1], sample_weight=weight)


if __name__ == "__main__":
    found = [(seed, difference(seed)) for seed in range(int(sys.argv[1]))]
    print(len(found), "runs;", [pair for pair in found if pair[1]])  # noqa: T201
