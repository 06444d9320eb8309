"""Losses: values by hand, gradients by differences, corners without warnings, and the fused pairs by the long way."""

from __future__ import annotations

import numpy as np
import pytest
from tests.network.cases import targets_for

from chainrule import Activation, Dense, Loss, Network
from chainrule.errors import InvalidValue
from chainrule.maths.activations import EXP, SIGMOID
from chainrule.maths.fused import FUSED
from chainrule.maths.losses import LOSSES
from chainrule.maths.parametrized_losses import huber, quantile

EVERY = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
EVERY_FUSED = pytest.mark.parametrize("pair", FUSED, ids=lambda pair: "-".join(part.name for part in pair))
BOTH_DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])
BY_HAND = {  # Y, T and the loss of each sample, by hand
    "half_squared_error": ([[1.0, 3.0], [0.0, -1.0]], [[1.0, 1.0], [3.0, 3.0]], [2.0, 12.5]),
    "log_loss": ([[0.25, 0.5], [0.75, 0.5]], [[1.0, 0.0], [0.5, 1.0]], [np.log(8.0), 0.5 * np.log(16 / 3) + np.log(2)]),
    "cross_entropy": ([[0.25, 0.75], [0.5, 0.5]], [[1.0, 0.0], [0.3, 0.7]], [np.log(4.0), np.log(2.0)]),
    "hinge": ([[0.5, -2.0], [3.0, 0.0]], [[-1.0, 1.0], [1.0, -1.0]], [4.5, 1.0]),
    "squared_hinge": ([[0.5, -2.0], [3.0, 0.0]], [[-1.0, 1.0], [1.0, -1.0]], [11.25, 1.0]),
    "poisson": ([[1.0, 2.0], [4.0, 1.0]], [[1.0, 0.0], [2.0, 3.0]], [2.0, np.log(27 / 4)]),
    "absolute_error": ([[1.0, 3.0], [0.0, -1.0]], [[1.0, 1.0], [3.0, 3.0]], [2.0, 7.0]),
    "huber": ([[1.0, 3.0], [0.5, -1.0]], [[1.0, 1.0], [0.0, 3.0]], [1.5, 3.625]),
    "log_cosh": ([[1.0, 3.0]], [[1.0, 2.0]], [np.log(np.cosh(1.0))]),
    "quantile": ([[1.0, 3.0], [0.0, -1.0]], [[1.0, 1.0], [3.0, 3.0]], [1.0, 3.5]),
    "perceptron": ([[0.5, -2.0], [3.0, 0.0]], [[-1.0, 1.0], [1.0, -1.0]], [2.5, 0.0]),
}


def outputs_for(loss, shape, rng):
    """Draw outputs inside the loss's domain."""
    Y = rng.uniform(0.1, 0.9, shape)
    return Y / Y.sum(axis=1, keepdims=True) if loss.domain.rows == "sum to one" else Y


@pytest.mark.parametrize("name", BY_HAND)
def test_value_is_the_one_by_hand(name):
    """The loss of each sample, summed over its outputs, is what pen and paper give."""
    Y, T, expected = (np.array(numbers) for numbers in BY_HAND[name])

    np.testing.assert_allclose(LOSSES[name].value(Y, T), expected, rtol=1e-15)


def test_every_loss_has_a_value_by_hand():
    """A new loss is computed by hand on the day it is added."""
    assert set(LOSSES) == set(BY_HAND)


@EVERY
def test_gradient_matches_central_differences(loss):
    """The gradient of a sample is the derivative of its value by its own outputs."""
    rng, h = np.random.RandomState(0), 1e-6
    Y, T = outputs_for(loss, (5, 3), rng), targets_for(loss, 5, 3, rng)

    columns = [(loss.value(Y + h * unit, T) - loss.value(Y - h * unit, T)) / (2 * h) for unit in np.eye(3)]

    np.testing.assert_allclose(loss.gradient(Y, T), np.column_stack(columns), rtol=1e-7, atol=1e-8)


@EVERY
def test_float32_stays_float32(loss):
    """Values and gradients have the dtype of Y and T."""
    rng = np.random.RandomState(1)
    Y = outputs_for(loss, (4, 2), rng).astype(np.float32)
    T = targets_for(loss, 4, 2, rng).astype(np.float32)

    assert (np.float32, (4,)) == (loss.value(Y, T).dtype, loss.value(Y, T).shape)
    assert (np.float32, (4, 2)) == (loss.gradient(Y, T).dtype, loss.gradient(Y, T).shape)


@EVERY
def test_registered_under_its_name_and_explained(loss):
    """The registry's key is the member's name, and every built-in has both formulas."""
    assert loss is LOSSES[loss.name]
    assert loss.formula
    assert loss.derivative_formula


@pytest.mark.parametrize("own", [huber, quantile])
def test_a_loss_with_its_own_number_is_the_named_one_without_it(own):
    """huber() is "huber", quantile() is "quantile"."""
    Y, T = np.linspace(-3, 3, 20).reshape(10, 2), np.zeros((10, 2))
    np.testing.assert_array_equal(own().value(Y, T), LOSSES[own.__name__].value(Y, T))
    np.testing.assert_array_equal(own().gradient(Y, T), LOSSES[own.__name__].gradient(Y, T))


# --- corners --------------------------------------------------------------------------------------------------------


@BOTH_DTYPES
def test_certain_and_right_costs_nothing(dtype):
    """Where Y is exactly the target 0 or 1, log_loss and cross_entropy and their gradients' parts are 0, not NaN."""
    corners = np.eye(2, dtype=dtype)

    assert LOSSES["log_loss"].value(corners, corners).tolist() == [0.0, 0.0]
    assert LOSSES["cross_entropy"].value(corners, corners).tolist() == [0.0, 0.0]
    assert LOSSES["log_loss"].gradient(corners, corners).tolist() == [[-1.0, 1.0], [1.0, -1.0]]
    assert LOSSES["cross_entropy"].gradient(corners, corners).tolist() == [[-1.0, 0.0], [0.0, -1.0]]


@BOTH_DTYPES
def test_certain_and_wrong_costs_infinitely_much(dtype):
    """Where Y is exactly 0 or 1 and the target is not, the loss is ∞ and its gradient ±∞, without a warning."""
    Y = np.eye(2, dtype=dtype)

    assert [np.inf, np.inf] == LOSSES["log_loss"].value(Y, 1 - Y).tolist()
    assert [np.inf, np.inf] == LOSSES["cross_entropy"].value(Y, 1 - Y).tolist()
    assert [[np.inf, -np.inf], [-np.inf, np.inf]] == LOSSES["log_loss"].gradient(Y, 1 - Y).tolist()
    assert [[0.0, -np.inf], [-np.inf, 0.0]] == LOSSES["cross_entropy"].gradient(Y, 1 - Y).tolist()


def test_log_loss_keeps_its_digits_near_one():
    """−log(1 − Y) of a tiny Y is Y, not the 0 that 1 − Y rounds to."""
    np.testing.assert_allclose(LOSSES["log_loss"].value(np.array([[1e-20]]), np.array([[0.0]])), 1e-20, rtol=1e-15)


def test_perceptron_slope_at_zero_is_zero():
    """At Y = 0, where there is no derivative, the slope is 0, as in S0."""
    assert not LOSSES["perceptron"].gradient(np.zeros((2, 1)), np.array([[1.0], [-1.0]])).any()


# --- the fused pairs ------------------------------------------------------------------------------------------------


@EVERY_FUSED
def test_fused_value_is_the_long_way(pair):
    """At moderate Z, the loss from Z is the loss of the activation of Z, to 1e-12."""
    activation, loss = pair
    rng = np.random.RandomState(0)
    Z, T = rng.normal(scale=2.0, size=(50, 4)), targets_for(loss, 50, 4, rng)

    expected = loss.value(activation.forward(Z), T)

    np.testing.assert_allclose(FUSED[pair].value(Z, T), expected, rtol=1e-12)


@EVERY_FUSED
def test_fused_delta_is_the_long_way(pair):
    """At moderate Z, the short derivative is the loss's gradient carried back by the activation, to 1e-12."""
    activation, loss = pair
    rng = np.random.RandomState(1)
    Z, T = rng.normal(scale=2.0, size=(50, 4)), targets_for(loss, 50, 4, rng)
    Y = activation.forward(Z)

    expected = activation.backward(loss.gradient(Y, T), Z, Y)

    np.testing.assert_allclose(FUSED[pair].delta(Y, T), expected, rtol=1e-12, atol=1e-12)


CLASSES = pytest.mark.parametrize(
    "pair", [pair for pair in FUSED if pair[1].name != "poisson"], ids=lambda pair: "-".join(part.name for part in pair)
)


@BOTH_DTYPES
def test_fused_poisson_at_the_ends_is_quiet(dtype):
    """At Z = −1e4 the deviance is finite and right though Y is 0; at 1e4 it is infinite like Y. Neither warns."""
    pair = FUSED[EXP, LOSSES["poisson"]]
    Z, T = np.array([[-1e4], [1e4]], dtype=dtype), np.ones((2, 1), dtype=dtype)

    assert [9999.0, np.inf] == pair.value(Z, T).tolist()
    assert [[-1.0], [np.inf]] == pair.delta(EXP.forward(Z), T).tolist()


@BOTH_DTYPES
@CLASSES
def test_fused_value_at_the_ends_is_the_distance(pair, dtype):
    """At |Z| = 1e4 the loss is finite and right: 0 where Y is the target, and what Z is off by where it is not."""
    Z = np.array([[1e4, -1e4], [-1e4, 1e4], [1e4, -1e4]], dtype=dtype)
    T = np.array([[1, 0], [0, 1], [0, 1]], dtype=dtype)

    losses = FUSED[pair].value(Z, T)

    assert dtype == losses.dtype
    assert losses.tolist() == [0.0, 0.0, 2e4]


@BOTH_DTYPES
@CLASSES
def test_fused_delta_at_the_ends_is_the_error(pair, dtype):
    """At |Z| = 1e4 the derivative is 0 or ±1, where the long way would multiply 0 by ∞."""
    Z = np.array([[1e4, -1e4], [-1e4, 1e4]], dtype=dtype)
    T = np.array([[1, 0], [1, 0]], dtype=dtype)

    delta = FUSED[pair].delta(pair[0].forward(Z), T)

    assert dtype == delta.dtype
    assert delta.tolist() == [[0.0, 0.0], [-1.0, 1.0]]


@EVERY_FUSED
def test_network_is_fused_by_equality(pair):
    """A network takes the short way exactly where output and loss are in the table."""
    activation, loss = pair

    assert FUSED[pair] is Network([Dense(2, activation)], 1, loss).fused
    assert Network([Dense(2, activation)], 1, "half_squared_error").fused is None


def test_pair_of_ones_own_is_not_fused():
    """An activation of one's own that is called sigmoid is not taken for the built-in one."""
    own = Activation("sigmoid", lambda Z: 0.5 + 0.5 * np.tanh(0.5 * Z), SIGMOID.backward, SIGMOID.range)

    assert Network([Dense(1, own)], 1, "log_loss").fused is None


# --- sample weights -------------------------------------------------------------------------------------------------


def four_samples(loss):
    """Return a network with this loss, a theta and four samples."""
    rng = np.random.RandomState(2)
    output = {"log_loss": "sigmoid", "cross_entropy": "softmax", "poisson": "exp"}.get(loss.name, "identity")
    net = Network([Dense(3, "tanh"), Dense(2, output)], n_features=2, loss=loss)
    X, T = rng.normal(size=(4, 2)), targets_for(loss, 4, 2, rng)
    return net, net.initial_theta(0), X, T


@EVERY
def test_weights_are_repetitions(loss):
    """A sample of weight 3 is the same as three samples, in the loss and in its gradient."""
    net, theta, X, T = four_samples(loss)
    times = [1, 3, 2, 1]

    expected, slopes = net.objective(np.repeat(X, times, axis=0), np.repeat(T, times, axis=0))(theta)
    value, gradient = net.objective(X, T, sample_weight=times)(theta)

    assert value == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-12, atol=1e-15)


@EVERY
def test_weight_zero_drops_the_sample(loss):
    """A sample of weight 0 might as well not be there."""
    net, theta, X, T = four_samples(loss)

    expected, slopes = net.objective(X[[0, 2, 3]], T[[0, 2, 3]])(theta)
    value, gradient = net.objective(X, T, sample_weight=[5, 0, 5, 5])(theta)

    assert value == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-12, atol=1e-15)


@EVERY
def test_only_ratios_of_weights_count(loss):
    """Equal weights are no weights, whatever their size, and the penalty is not weighted."""
    net, theta, X, T = four_samples(loss)

    expected, slopes = net.objective(X, T, l2=0.1)(theta)
    value, gradient = net.objective(X, T, l2=0.1, sample_weight=[7.0] * 4)(theta)

    assert value == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-12, atol=1e-15)


# --- targets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "output", "T", "sentence"),
    [
        ("log_loss", "sigmoid", [[0.0, 1.5]], "The loss 'log_loss' needs targets between 0 and 1, got 1.5. Code the"),
        ("log_loss", "sigmoid", [[-1.0, 1.0]], "The loss 'log_loss' needs targets between 0 and 1, got -1. Code the"),
        ("cross_entropy", "softmax", [[1.0, 1.0]], "≥ 0 and sum to one, row 0 is [1.0, 1.0]. One-hot encode"),
        ("cross_entropy", "softmax", [[1.0, 0.0], [2.0, -1.0]], "≥ 0 and sum to one, row 1 is [2.0, -1.0]."),
        ("cross_entropy", "softmax", [[0.0, 0.0]], "row 0 is [0.0, 0.0]"),
        (
            "perceptron",
            "identity",
            [[1.0, 0.0]],
            "needs targets -1 and +1, got 0. From labels 0 and 1: T = 2 * lab",
        ),
        ("perceptron", "identity", [[0.5, 1.0]], "needs targets -1 and +1, got 0.5."),
    ],
)
def test_targets_out_of_range_are_refused(loss, output, T, sentence):
    """Targets that a loss cannot use are refused by a sentence that says what to do, wherever they come in."""
    net = Network([Dense(2, output)], n_features=1, loss=loss)
    X, theta = np.ones((len(T), 1)), np.zeros(net.n_parameters)
    for ask in (
        lambda: net.targets(T, len(T)),
        lambda: net.objective(X, T),
        lambda: net.data_loss(theta, X, T),
        lambda: net.backward(theta, net.forward(theta, X), T),
    ):
        with pytest.raises(InvalidValue) as refusal:
            ask()
        assert sentence in str(refusal.value)


@BOTH_DTYPES
@pytest.mark.parametrize("n_classes", [2, 10, 1000])
def test_distributions_may_be_rounded(n_classes, dtype):
    """Rows that sum to one but for the rounding of their dtype are distributions."""
    T = np.random.RandomState(0).dirichlet(np.ones(n_classes), size=200).astype(dtype)

    assert LOSSES["cross_entropy"].check_targets(T) is None


def test_any_finite_target_suits_the_squared_error():
    """half_squared_error has no complaint about any number."""
    assert LOSSES["half_squared_error"].check_targets(np.array([[-1e300, 0.0, 7.5]])) is None


def test_ones_own_loss_may_refuse_targets():
    """The complaint of a loss of one's own ends the sentence."""
    own = Loss(
        "own", lambda Y, T: (Y - T).sum(axis=1), lambda Y, T: np.ones_like(Y), check_targets=lambda T: "is picky."
    )

    with pytest.raises(InvalidValue, match=r"^The loss 'own' is picky\.$"):
        Network([Dense(1)], 1, own).objective([[1.0]], [1.0])
