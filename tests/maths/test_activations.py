"""Activations: their values by hand, their derivatives by differences, and what they do at the ends of the line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.maths.activations import ACTIVATIONS, Activation
from chainrule.maths.arrays import REALS

EVERY = pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=ACTIVATIONS)
BOTH_DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])

BY_HAND = {  # f(z) of single numbers, from tables or a pocket calculator
    "identity": {-2.0: -2.0, 0.0: 0.0, 3.0: 3.0},
    "sigmoid": {-2.0: 0.11920292202211755, 0.0: 0.5, 1.0: 0.7310585786300049},
    "tanh": {-2.0: -0.9640275800758169, 0.0: 0.0, 1.0: 0.7615941559557649},
    "relu": {-2.0: 0.0, 0.0: 0.0, 3.0: 3.0},
    "leaky_relu": {-2.0: -0.02, 0.0: 0.0, 3.0: 3.0},
    "softplus": {-2.0: 0.1269280110429725, 0.0: 0.6931471805599453, 1.0: 1.3132616875182228},
    "exp": {-2.0: 0.1353352832366127, 0.0: 1.0, 1.0: 2.718281828459045},
    "elu": {-2.0: -0.8646647167633873, 0.0: 0.0, 3.0: 3.0},
    "selu": {-2.0: -1.5201664685956948, 0.0: 0.0, 1.0: 1.0507009873554805},
    "gelu": {-2.0: -0.04550026389635842, 0.0: 0.0, 1.0: 0.8413447460685429},
    "silu": {-2.0: -0.2384058440442351, 0.0: 0.0, 1.0: 0.7310585786300049},
    "mish": {-2.0: -0.25250148269570886, 0.0: 0.0, 1.0: 0.8650983882673103},
}
AT_THE_ENDS = {  # f(−1e4) and f(1e4)
    "identity": (-1e4, 1e4),
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, 1e4),
    "leaky_relu": (-100.0, 1e4),
    "softplus": (0.0, 1e4),
    "exp": (0.0, np.inf),
    "elu": (-1.0, 1e4),
    "selu": (-1.7580993408473766, 10507.009873554805),
    "gelu": (0.0, 1e4),
    "silu": (0.0, 1e4),
    "mish": (0.0, 1e4),
}


def slopes_by_differences(f, Z, dA, h=1e-6):
    """Return dZ of Σ dA ⊙ f(Z) by central differences, entry by entry."""
    dZ = np.empty_like(Z)
    for place in np.ndindex(Z.shape):
        step = np.zeros_like(Z)
        step[place] = h
        dZ[place] = (dA * (f.forward(Z + step) - f.forward(Z - step))).sum() / (2 * h)
    return dZ


@pytest.mark.parametrize("name", BY_HAND)
def test_value_is_the_one_by_hand(name):
    """f(z) is what a table of the function says."""
    Z = np.array([list(BY_HAND[name])])

    expected = np.array([list(BY_HAND[name].values())])

    np.testing.assert_allclose(ACTIVATIONS[name].forward(Z), expected, rtol=1e-15)


def test_softmax_is_the_one_by_hand():
    """The softmax of log 1, log 2, log 5 is 1/8, 2/8, 5/8, whatever is added to the row."""
    Z = np.log([[1.0, 2.0, 5.0]]) + np.array([[0.0], [-7.0], [300.0]])

    np.testing.assert_allclose(ACTIVATIONS["softmax"].forward(Z), [[0.125, 0.25, 0.625]] * 3, rtol=1e-13)


def test_every_activation_has_a_value_by_hand():
    """A new activation is looked up in a table on the day it is added."""
    assert set(ACTIVATIONS) == {*BY_HAND, "softmax"} == {*AT_THE_ENDS, "softmax"}


@EVERY
def test_backward_matches_central_differences(f):
    """dZ from dA is the derivative of Σ dA ⊙ f(Z), several outputs at once, away from kinks."""
    rng = np.random.RandomState(0)
    Z = rng.normal(scale=2.0, size=(4, 3))
    dA = rng.normal(size=Z.shape)

    expected = slopes_by_differences(f, Z, dA)

    assert np.abs(Z).min() > 1e-2
    np.testing.assert_allclose(f.backward(dA, Z, f.forward(Z)), expected, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("leaky_relu", 0.01)])
def test_slope_at_the_kink_is_the_left_one(name, slope):
    """At Z = 0, where there is no derivative, the slope is that of negative Z."""
    Z, dA = np.zeros((1, 1)), np.array([[3.0]])

    assert slope * 3.0 == ACTIVATIONS[name].backward(dA, Z, ACTIVATIONS[name].forward(Z)).item()


@BOTH_DTYPES
@pytest.mark.parametrize("name", AT_THE_ENDS)
def test_value_at_the_ends_is_the_limit(name, dtype):
    """At |z| = 1e4 the value is the limit, in the dtype of Z and without a warning; exp's is infinite."""
    A = ACTIVATIONS[name].forward(np.array([[-1e4, 1e4]], dtype=dtype))

    assert dtype == A.dtype
    np.testing.assert_allclose(A, [AT_THE_ENDS[name]], rtol=np.finfo(dtype).eps)


@BOTH_DTYPES
def test_softmax_at_the_ends_is_one_hot(dtype):
    """At |z| = 1e4 softmax is one-hot, and shares where two tie."""
    A = ACTIVATIONS["softmax"].forward(np.array([[1e4, -1e4, 0.0], [1e4, 1e4, -1e4]], dtype=dtype))

    assert dtype == A.dtype
    assert A.tolist() == [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]


@BOTH_DTYPES
@EVERY
def test_backward_at_the_ends_is_no_nan(f, dtype):
    """At |z| = 1e4 backward gives numbers, in the dtype of Z and without a warning; exp's is infinite."""
    Z = np.array([[-1e4, 1e4], [1e4, 1e4], [0.0, -1e4]], dtype=dtype)
    A = f.forward(Z)

    dZ = f.backward(np.full_like(Z, -2.0), Z, A)

    assert dtype == dZ.dtype
    assert not np.isnan(dZ).any()
    assert np.isfinite(dZ).all() or f.name == "exp"


@EVERY
def test_float32_is_near_float64(f):
    """float32 in, float32 out, forward and backward, a rounding from float64."""
    rng = np.random.RandomState(1)
    Z, dA = rng.normal(size=(2, 5, 4))
    small = f.forward(Z.astype(np.float32)), f.backward(*(array.astype(np.float32) for array in (dA, Z, f.forward(Z))))

    for expected, actual in zip((f.forward(Z), f.backward(dA, Z, f.forward(Z))), small, strict=True):
        assert np.float32 == actual.dtype
        np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-6)


@EVERY
def test_nothing_given_is_changed(f):
    """Read-only arrays will do, forward and backward."""
    Z, dA = np.random.RandomState(2).normal(size=(2, 3, 2))
    A = f.forward(Z).copy()
    for array in (Z, dA, A):
        array.flags.writeable = False

    assert Z.shape == f.forward(Z).shape == f.backward(dA, Z, A).shape


@EVERY
def test_no_samples_are_no_trouble(f):
    """Zero rows go through forward and backward."""
    none = np.empty((0, 3))

    assert (0, 3) == f.forward(none).shape == f.backward(none, none, none).shape


@EVERY
@given(Z=st.lists(st.lists(st.floats(-700.0, 700.0), min_size=3, max_size=3), min_size=1, max_size=4))
def test_values_stay_in_the_range(f, Z):
    """What an activation gives lies in the range that it declares, for a loss relies on it."""
    A = f.forward(np.array(Z))

    assert f.range.lower <= A.min() <= A.max() <= f.range.upper
    if f.range.rows == "sum to one":
        np.testing.assert_allclose(A.sum(axis=1), 1.0, rtol=1e-14)


@EVERY
def test_registered_under_its_name_and_explained(f):
    """The registry's key is the member's name, and every built-in has both formulas."""
    assert f is ACTIVATIONS[f.name]
    assert f.formula
    assert f.derivative_formula


def test_ones_own_has_no_formulas_and_any_range():
    """An activation of one's own needs its two functions and a name, nothing more."""
    own = Activation("own", np.sin, lambda dA, Z, A: dA * np.cos(Z))

    assert (own.range, own.formula, own.derivative_formula) == (REALS, None, None)
