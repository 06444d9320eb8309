"""Clipping and averaging: gradients no longer than a limit, and the mean of the parameters along the way."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import Dense, InvalidValue, Network
from chainrule.training.clipping import clipped

X, T = cr.datasets.xor_easy()
NET = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
START = NET.initial_theta(0)
LINE = Network([Dense(1, bias=False)], n_features=1)


# --- clipping -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-300, 1e-3, 1.0, 1e3, 1e200])
def test_clipped_gradient_has_the_direction_and_at_most_the_length(scale):
    """Whatever its scale a gradient points where it did, and its norm is the smaller of its own and the limit."""
    direction = np.array([0.6, 0.0, -0.8])

    np.testing.assert_allclose(min(scale, 0.5) * direction, clipped(scale * direction, 0.5), rtol=1e-14)


def test_clipping_survives_squares_that_overflow():
    """A float32 gradient whose squares are infinite is clipped all the same, in float32; zeros stay zeros."""
    short = clipped(np.array([3e30, -4e30], dtype=np.float32), 5.0)

    np.testing.assert_allclose(short, [3.0, -4.0], rtol=1e-6)
    assert np.float32 == short.dtype
    assert clipped(np.zeros(2), 1.0).tolist() == [0.0, 0.0]


def test_no_step_is_longer_than_the_limit():
    """Gradient descent with clip=c moves theta by η c at most, and by exactly that where the gradient is longer."""
    thetas = []
    cr.train(
        NET,
        X,
        T,
        START,
        learning_rate=0.5,
        max_gradient_norm=0.05,
        max_epochs=20,
        callback=lambda e: thetas.append(e.theta),
    )
    gradients = [np.linalg.norm(NET.objective(X, T)(theta)[1]) for theta in thetas[:-1]]

    steps = np.linalg.norm(np.diff(thetas, axis=0), axis=1)

    assert max(gradients) > 0.05
    np.testing.assert_allclose(0.5 * np.minimum(gradients, 0.05), steps, rtol=1e-10)


def test_penalty_is_clipped_with_the_rest():
    """The norm is that of the whole gradient of the objective."""
    fun = NET.objective(X, T, l2=1.0)
    gradient = fun(START)[1]

    run = cr.train(NET, X, T, START, learning_rate=1.0, max_gradient_norm=0.1, max_epochs=1, l2=1.0)

    np.testing.assert_allclose(START - 0.1 * gradient / np.linalg.norm(gradient), run.theta, rtol=0, atol=1e-15)


@pytest.mark.parametrize("batch_size", [None, 5])
def test_wide_limit_changes_nothing(batch_size):
    """A limit that no gradient reaches leaves the run as it is, to the bit."""
    options = {"max_epochs": 5, "batch_size": batch_size, "random_state": 0}

    np.testing.assert_array_equal(
        cr.train(NET, X, T, START, **options).theta, cr.train(NET, X, T, START, max_gradient_norm=1e9, **options).theta
    )


def test_clipping_keeps_a_descent_from_leaping_away():
    """A rate at which descent diverges ends finite with clipping."""
    wild = cr.train(LINE, [[10.0]], [1.0], [1.0], learning_rate=1.0, max_epochs=400)
    tame = cr.train(LINE, [[10.0]], [1.0], [1.0], learning_rate=1.0, max_gradient_norm=0.01, max_epochs=400)

    assert (wild.status, tame.status) == ("non_finite", "max_epochs")
    assert tame.loss < 0.01


# --- averaging ----------------------------------------------------------------------------------------------------


def test_average_is_the_mean_after_the_updates_from_an_epoch_on():
    """With average_from=k theta is the mean of what updates k, k + 1, … led to, and run.loss is its loss."""
    thetas = []
    plain = cr.train(NET, X, T, START, max_epochs=10, callback=lambda epoch: thetas.append(epoch.theta))
    thetas.append(plain.theta)

    for start in (0, 4, 9):
        run = cr.train(NET, X, T, START, max_epochs=10, average_from=start)

        np.testing.assert_allclose(np.mean(thetas[start + 1 :], axis=0), run.theta, rtol=0, atol=1e-14)
        assert NET.data_loss(run.theta, X, T) == run.loss
        assert run.message.endswith(f"theta is the mean of {10 - start}, one an update from epoch {start} on.")


def test_average_counts_every_mini_batch():
    """With mini-batches every update counts: 21 samples in batches of 5 are 5 updates an epoch."""
    net = Network([Dense(1)], n_features=1)

    run = cr.train(net, np.ones((21, 1)), np.ones(21), batch_size=5, max_epochs=4, average_from=2, random_state=0)

    assert "the mean of 10, one an update from epoch 2 on" in run.message


def test_average_wavers_less_than_the_last_parameters():
    """On a noisy line, where mini-batches keep theta moving, the mean is far closer to the best line."""
    rng = np.random.RandomState(0)
    x = rng.normal(size=(200, 1))
    t = 2.0 * x + rng.normal(size=(200, 1))
    best = float((x * t).sum() / (x * x).sum())
    options = {"learning_rate": 0.5, "batch_size": 1, "max_epochs": 20, "random_state": 0}

    last = cr.train(LINE, x, t, [0.0], **options).theta[0]
    mean = cr.train(LINE, x, t, [0.0], average_from=2, **options).theta[0]

    assert abs(mean - best) < 0.2 * abs(last - best)


def test_run_that_ends_before_has_no_average():
    """A run that does not come so far is the run without averaging, message and all."""
    plain, early = (cr.train(NET, X, T, START, max_epochs=5, average_from=start) for start in (None, 5))

    np.testing.assert_array_equal(plain.theta, early.theta)
    assert plain.message == early.message


def test_run_that_breaks_returns_finite_parameters():
    """The mean of a run that ended in infinity is not asked for: theta is the last that was finite."""
    run = cr.train(LINE, [[10.0]], [1.0], [1.0], learning_rate=1.0, max_epochs=400, average_from=0)

    assert run.status == "non_finite"
    assert np.isfinite(run.loss)
    assert "mean" not in run.message


def test_float32_is_kept_by_the_mean():
    """The mean of float32 parameters is float32."""
    run = cr.train(NET, X, T, START.astype(np.float32), max_epochs=5, average_from=0, max_gradient_norm=0.1)

    assert np.float32 == run.theta.dtype


def test_loop_that_is_left_keeps_its_average():
    """cr.epochs takes the same options, and its run so far has the mean so far."""
    training = cr.epochs(NET, X, T, START, max_epochs=9, average_from=2)
    for epoch in training:
        if epoch.number == 6:
            break

    np.testing.assert_array_equal(cr.train(NET, X, T, START, max_epochs=6, average_from=2).theta, training.run.theta)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"max_gradient_norm": 0}, "max_gradient_norm must be a number > 0, got 0."),
        ({"max_gradient_norm": "long"}, "max_gradient_norm must be a number > 0, got 'long'."),
        ({"average_from": -1}, "average_from must be a whole number ≥ 0, got -1."),
        ({"average_from": 0.5}, "average_from must be a whole number ≥ 0, got 0.5."),
        (
            {
                "average_from": 3,
                "stop": cr.no_improvement(2, of="validation_loss"),
                "validation": (X, T),
            },
            (
                "Cannot use average_from with no_improvement(of='validation_loss'): one returns the mean of the "
                "parameters, the other the best of them. Leave one out."
            ),
        ),
    ],
)
def test_unusable_options_are_refused(options, sentence):
    """Clipping and averaging say what they may be."""
    with pytest.raises(InvalidValue) as refused:
        cr.train(NET, X, T, START, **options)

    assert sentence == str(refused.value)
