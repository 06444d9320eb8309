"""What users hand us: everything that cannot be used is refused by a sentence that says what and where."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse

from chainrule import Dense, Network
from chainrule.errors import InvalidValue

NET = Network([Dense(3, "tanh"), Dense(2)], n_features=2)
SINGLE = Network([Dense(1)], n_features=2)
THETA = np.zeros(NET.n_parameters)
X, T = np.ones((3, 2)), np.zeros((3, 2))
COMPLEX, TEXT = X + 1j, np.full((3, 2), "a")


def with_one(value, place=(1, 1), shape=(3, 2)):
    """Return ones with this value at one place."""
    array = np.ones(shape)
    array[place] = value
    return array


def asks_of_X(X):
    """Return every way in for X."""
    return (
        lambda: NET.forward(THETA, X),
        lambda: NET.predict(THETA, X),
        lambda: NET.data_loss(THETA, X, T),
        lambda: NET.objective(X, T),
    )


def assert_refused(asks, sentence):
    """Assert that each way in says the same sentence."""
    for ask in asks:
        with pytest.raises(InvalidValue) as refusal:
            ask()
        assert sentence == str(refusal.value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (with_one(np.nan), "X holds nan at row 1, column 1. Remove or fill such entries first."),
        (with_one(np.inf, (2, 0)), "X holds inf at row 2, column 0. Remove or fill such entries first."),
        (with_one(-np.inf, (0, 1)), "X holds -inf at row 0, column 1. Remove or fill such entries first."),
        (np.ones((3, 3)), "X has 3 columns, the network expects 2."),
        (np.ones((3, 0)), "X has 0 columns, the network expects 2."),
        (
            np.ones(2),
            "X must have two dimensions, (n_samples, n_features), got shape (2,). For one sample use X.reshape(1, -1).",
        ),
        (3.0, "X must have two dimensions, (n_samples, n_features), got shape ()."),
        (np.ones((1, 3, 2)), "X must have two dimensions, (n_samples, n_features), got shape (1, 3, 2)."),
        (COMPLEX, "X must be an array of numbers, got dtype complex128."),
        (TEXT, "X must be an array of numbers, got dtype <U1."),
        (X.astype(object), "X must be an array of numbers, got dtype object."),
        (None, "X must be an array of numbers, got dtype object."),
        (np.full((3, 2), "2020-01-01", "M8[D]"), "X must be an array of numbers, got dtype datetime64[D]."),
        ([[1.0, 2.0], [3.0]], "X must be an array of numbers; its rows have different lengths."),
        (
            scipy.sparse.csr_array(X),
            "X must be an array of numbers, got dtype object. Call .toarray() on a sparse matrix.",
        ),
    ],
)
def test_unusable_X_is_refused(values, sentence):
    """X must be a matrix of finite numbers with the network's columns, wherever it comes in."""
    assert_refused(asks_of_X(values), sentence)


def asks_of_T(T, net=NET):
    """Return every way in for T."""
    theta = np.zeros(net.n_parameters)
    return (
        lambda: net.data_loss(theta, X, T),
        lambda: net.objective(X, T),
        lambda: net.backward(theta, net.forward(theta, X), T),
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (with_one(np.nan, (2, 1)), "T holds nan at row 2, column 1. Remove or fill such entries first."),
        (
            np.ones(3),
            "T has shape (3,), the network has 2 outputs. One-hot encode class labels: datasets.one_hot(labels).",
        ),
        (np.ones((3, 1)), "T has shape (3, 1), the network has 2 outputs."),
        (np.ones((2, 3)), "T has shape (2, 3), the network has 2 outputs."),
        (np.ones((2, 2)), "X has 3 rows and T has 2: each sample needs one target."),
        (1.0, "T has shape (), the network has 2 outputs."),
        (COMPLEX, "T must be an array of numbers, got dtype complex128."),
        (TEXT, "T must be an array of numbers, got dtype <U1."),
        (None, "T must be an array of numbers, got dtype object."),
        ([[1.0], [2.0, 3.0], [4.0]], "T must be an array of numbers; its rows have different lengths."),
    ],
)
def test_unusable_T_is_refused(values, sentence):
    """T must be a matrix of finite numbers, one row a sample and one column an output, wherever it comes in."""
    assert_refused(asks_of_T(values), sentence)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (np.ones(2), "X has 3 rows and T has 2: each sample needs one target."),
        (with_one(np.inf, 1, (3,)), "T holds inf at row 1, column 0. Remove or fill such entries first."),
    ],
)
def test_flat_T_of_one_output_is_checked_as_well(values, sentence):
    """For one output T may be flat, and is checked all the same."""
    assert_refused(asks_of_T(values, SINGLE), sentence)


def test_no_samples_have_no_loss():
    """A mean over 0 samples is refused; a forward pass is not."""
    none = np.empty((0, 2))
    sentence = "X and T have no rows: a loss needs at least one sample."

    assert_refused((lambda: NET.objective(none, none), lambda: NET.data_loss(THETA, none, none)), sentence)


@pytest.mark.parametrize(
    ("weight", "sentence"),
    [
        ([1, -1, 1], "sample_weight must be ≥ 0 everywhere and > 0 somewhere."),
        ([0, 0, 0], "sample_weight must be ≥ 0 everywhere and > 0 somewhere."),
        ([1, np.nan, 1], "sample_weight holds nan at row 1. Remove or fill such entries first."),
        ([1, 1, np.inf], "sample_weight holds inf at row 2. Remove or fill such entries first."),
        ([1, 1], "sample_weight must have shape (3,), one a sample, got (2,)."),
        (np.ones((3, 1)), "sample_weight must have shape (3,), one a sample, got (3, 1)."),
        (1.0, "sample_weight must have shape (3,), one a sample, got ()."),
        ("balanced", "sample_weight must be an array of numbers, got dtype <U8."),
        ([1j, 1, 1], "sample_weight must be an array of numbers, got dtype complex128."),
    ],
)
def test_unusable_sample_weight_is_refused(weight, sentence):
    """Sample weights are one number ≥ 0 a sample, not all 0."""
    asks = (
        lambda: NET.objective(X, T, sample_weight=weight),
        lambda: NET.data_loss(THETA, X, T, weight),
        lambda: NET.backward(THETA, NET.forward(THETA, X), T, weight),
    )
    assert_refused(asks, sentence)


@pytest.mark.parametrize("name", ["l1", "l2"])
@pytest.mark.parametrize("strength", [-1, -1e-9, np.nan, np.inf, "a", None, True, 1j, [0.1]])
def test_unusable_penalty_is_refused(strength, name):
    """The strength of a penalty is a finite number ≥ 0."""
    assert_refused(
        (lambda: NET.objective(X, T, **{name: strength}),), f"{name} must be a number ≥ 0, got {strength!r}."
    )


@pytest.mark.parametrize("strength", [0, 1, np.float32(0.5), np.int8(1)])
def test_penalty_may_be_any_real_number(strength):
    """Integers and NumPy's numbers are strengths as well, and do not coarsen a float64 objective."""
    theta = np.random.RandomState(0).normal(size=NET.n_parameters)

    expected, slopes = NET.objective(X, T, l2=float(strength))(theta)
    value, gradient = NET.objective(X, T, l2=strength)(theta)

    assert (float, np.float64) == (type(value), gradient.dtype)
    assert expected == value
    assert slopes.tolist() == gradient.tolist()


@pytest.mark.parametrize(
    ("theta", "sentence"),
    [
        (np.zeros(16), "theta must have shape (17,) for this network, got (16,)."),
        (np.zeros((17, 1)), "theta must have shape (17,) for this network, got (17, 1)."),
        (0.0, "theta must have shape (17,) for this network, got ()."),
        (np.zeros(17, dtype=complex), "theta must be an array of numbers, got dtype complex128."),
        (["a"] * 17, "theta must be an array of numbers, got dtype <U1."),
        (None, "theta must be an array of numbers, got dtype object."),
        ([np.zeros((2, 3)), np.zeros(3)], "theta must be an array of numbers; its rows have different lengths."),
    ],
)
def test_unusable_theta_is_refused(theta, sentence):
    """theta is one flat array of the network's parameters, wherever it comes in."""
    asks = (
        lambda: NET.forward(theta, X),
        lambda: NET.predict(theta, X),
        lambda: NET.data_loss(theta, X, T),
        lambda: NET.objective(X, T)(theta),
        lambda: NET.backward(theta, NET.forward(THETA, X), T),
    )
    assert_refused(asks, sentence)
