"""The objective: one function of theta that bears whatever an optimiser tries."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given
from hypothesis import strategies as st
from tests.network.cases import admissible_outputs, targets_for

from chainrule import Dense, Network
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES
from chainrule.network.objective import Evaluation

PAIRS = [
    (output.name, loss.name)
    for loss in LOSSES.values()
    for output in admissible_outputs(loss, 2)
    if output.name in ACTIVATIONS
]


def objective(hidden, output, loss, **options):
    """Return net and objective of two hidden layers on ordinary data."""
    net = Network([Dense(3, hidden), Dense(2, hidden), Dense(2, output)], 2, loss)
    rng = np.random.RandomState(0)
    return net, net.objective(rng.normal(size=(4, 2)), targets_for(LOSSES[loss], 4, 2, rng), **options)


@pytest.mark.parametrize(
    ("hidden", "output", "loss"),
    [(hidden, "identity", "half_squared_error") for hidden in ACTIVATIONS] + [("tanh", *pair) for pair in PAIRS[::4]],
)
def test_huge_theta_is_no_trouble(hidden, output, loss):
    """At a theta of 1e4 to 1e308 the objective is a number, ∞ or NaN, without a warning, in float32 too."""
    net, fun = objective(hidden, output, loss, l1=0.1, l2=0.1)
    start = net.initial_theta(0)

    for scale in (1e4, 1e155, 1e200, -1e200, 1e308):
        theta = scale * start / np.abs(start).max()
        value, gradient = fun(theta)
        assert (float, start.shape) == (type(value), gradient.shape)
    theta = (1e38 * start / np.abs(start).max()).astype(np.float32)
    assert fun(theta)[1].dtype == np.float32


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_non_finite_theta_is_answered_in_kind(bad):
    """A NaN or infinite theta is no error: the objective is not finite either, and says so."""
    net, fun = objective("tanh", "identity", "half_squared_error", l2=0.1)
    theta = np.full(net.n_parameters, bad)

    assert not np.isfinite(fun(theta)[0])
    assert not fun.evaluate(theta).is_finite


def test_data_beyond_float32_are_infinite_in_float32():
    """Inputs of 1e200 under a float32 theta overflow silently to an objective that is not finite."""
    net = Network([Dense(1)], 1)
    fun = net.objective([[1e200]], [0.0])

    assert np.isfinite(fun(np.ones(2, dtype=np.float64) * 1e-200)[0])
    assert not np.isfinite(fun(np.ones(2, dtype=np.float32))[0])


def test_infinite_loss_is_a_value():
    """Outputs of 1e200 have a squared error of ∞ and a finite gradient."""
    fun = Network([Dense(1)], 1).objective([[1.0]], [0.0])

    value, gradient = fun(np.array([1e200, 0.0]))

    assert value == np.inf
    assert gradient.tolist() == [1e200, 1e200]


def test_penalty_is_added_to_the_loss():
    """An evaluation tells the data loss from the objective, which adds l2 Σ W² and l1 Σ |W|."""
    net, plain = objective("tanh", "identity", "half_squared_error")
    _, fun = objective("tanh", "identity", "half_squared_error", l1=0.3, l2=0.2)
    theta = net.initial_theta(0)
    weights = np.concatenate([W.ravel() for W, _ in net.views(theta)])

    evaluation = fun.evaluate(theta)

    penalty = 0.2 * (weights @ weights) + 0.3 * np.abs(weights).sum()
    assert evaluation.loss == plain(theta)[0] == fun.loss(theta)
    assert evaluation.objective == pytest.approx(evaluation.loss + penalty, rel=1e-14)
    assert evaluation.Y.tolist() == net.predict(theta, fun.X).tolist()
    assert evaluation.is_finite


def test_some_of_the_samples_are_evaluated_alike():
    """A batch of the data with its own shares is what an objective of that batch says."""
    net, fun = objective("tanh", "softmax", "cross_entropy", l2=0.1)
    theta, rows = net.initial_theta(0), [2, 0]

    expected, slopes = net.objective(fun.X[rows], fun.T[rows], l2=0.1)(theta)
    evaluation = fun.evaluate_batch(theta, fun.X[rows], fun.T[rows], np.array([0.5, 0.5]))

    assert expected == evaluation.objective
    assert slopes.tolist() == evaluation.gradient.tolist()


def test_same_dtype_is_the_same_objective():
    """Nothing is copied where the data have the dtype already."""
    _, fun = objective("tanh", "identity", "half_squared_error")

    assert fun is fun.astype(np.float64)
    assert np.float32 == fun.astype(np.float32).X.dtype


def test_scipy_minimises_it():
    """It goes into scipy.optimize.minimize as it is, and the penalised linear fit has its closed form."""
    net = Network([Dense(1)], n_features=2)
    rng = np.random.RandomState(0)
    X, T = rng.normal(size=(20, 2)), rng.normal(size=20)
    augmented = np.hstack([X, np.ones((20, 1))])
    ridge = np.diag([0.2, 0.2, 0.0])  # ½ (1/N) |A θ − T|² + 0.1 |W|²

    expected = np.linalg.solve(augmented.T @ augmented / 20 + ridge, augmented.T @ T / 20)

    result = scipy.optimize.minimize(net.objective(X, T, l2=0.1), np.zeros(3), jac=True, method="BFGS")
    np.testing.assert_allclose(result.x, expected, rtol=1e-4, atol=1e-6)


@given(order=st.permutations(range(4)))
def test_order_of_the_samples_makes_no_difference(order):
    """The mean loss knows no first sample."""
    net, fun = objective("relu", "sigmoid", "log_loss")
    theta = net.initial_theta(0)

    value, gradient = net.objective(fun.X[order], fun.T[order])(theta)

    assert value == pytest.approx(fun(theta)[0], rel=1e-14)
    np.testing.assert_allclose(gradient, fun(theta)[1], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("objective", "gradient"), [(np.inf, 0.0), (0.0, np.nan), (np.nan, np.inf)])
def test_an_evaluation_is_finite_where_both_of_its_parts_are(objective, gradient):
    """A finite value with a gradient that is none is not finite, nor the other way round."""
    assert Evaluation(0.0, 0.0, np.zeros(2)).is_finite
    assert not Evaluation(0.0, objective, np.array([0.0, gradient])).is_finite
