"""Penalties: their values by hand and their gradients by differences."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import Dense, Network
from chainrule.check import check_gradient
from chainrule.maths.penalties import PENALTIES

EVERY = pytest.mark.parametrize("penalty", PENALTIES.values(), ids=PENALTIES)


@pytest.mark.parametrize(("name", "value"), [("l1", 6.5), ("l2", 14.25)])
def test_value_is_the_one_by_hand(name, value):
    """Σ |W| and Σ W², without a half."""
    assert value == PENALTIES[name].value(np.array([[1.0, -2.0], [3.0, 0.5], [0.0, 0.0]]))


@EVERY
def test_gradient_matches_differences(penalty):
    """The gradient is that of the value, away from the kink."""
    W = np.random.RandomState(0).uniform(0.5, 2.0, (3, 2)) * [[1, -1], [-1, 1], [1, 1]]

    def fun(theta):
        return penalty.value(theta.reshape(3, 2)), penalty.gradient(theta.reshape(3, 2)).ravel()

    check_gradient(fun, W.ravel()).assert_correct()


@EVERY
def test_gradient_at_zero_is_zero(penalty):
    """A weight that is 0 stays 0, at the kink of l1 too."""
    assert penalty.gradient(np.zeros((1, 1))).tolist() == [[0.0]]


@EVERY
def test_float32_stays_float32(penalty):
    """The gradient has W's dtype, the value is a Python float."""
    W = np.ones((2, 2), dtype=np.float32)

    assert np.float32 == penalty.gradient(W).dtype
    assert float is type(penalty.value(W))


@EVERY
def test_biases_are_free(penalty):
    """The objective is penalised for its weights alone: biases move neither the penalty nor its gradient."""
    net = Network([Dense(3, "tanh"), Dense(2)], n_features=2)
    rng = np.random.RandomState(0)
    X, T, theta = rng.normal(size=(5, 2)), rng.normal(size=(5, 2)), net.initial_theta(0)
    for _, b in net.views(theta):
        b[:] = rng.normal(size=b.shape)

    plain, slopes = net.objective(X, T)(theta)
    penalised, steeper = net.objective(X, T, **{penalty.name: 0.3})(theta)

    weights = [W for W, _ in net.views(theta)]
    assert penalised - plain == pytest.approx(0.3 * sum(penalty.value(W) for W in weights), rel=1e-13)
    for W, (dW, db) in zip(weights, net.views(steeper - slopes), strict=True):
        np.testing.assert_allclose(dW, 0.3 * penalty.gradient(W), rtol=1e-12, atol=1e-15)
        assert not db.any()


@EVERY
def test_registered_under_its_name(penalty):
    """The registry's key is the member's name."""
    assert penalty is PENALTIES[penalty.name]
