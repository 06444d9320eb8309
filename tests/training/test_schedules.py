"""Schedules: rates that move as their formulas say, in every optimizer, on whole data and on mini-batches."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest

import chainrule as cr
from chainrule import Dense, InvalidValue, Network, Optimizer
from chainrule.training import schedules
from chainrule.training.optimizers import OPTIMIZERS

X, T = cr.datasets.xor_easy()
NET = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
START = NET.initial_theta(0)


def every_schedule():
    """Make one of each kind anew."""
    return {
        "constant": schedules.constant(0.1),
        "step": schedules.step(0.1, every=2, factor=0.5),
        "inverse_scaling": schedules.inverse_scaling(0.1),
        "cosine": schedules.cosine(0.1),
        "warm_up": schedules.warm_up(0.1, epochs=3),
        "reduce_on_plateau": schedules.reduce_on_plateau(0.1, patience=1, tolerance=0.01),
    }


ALL = every_schedule()


def rates(schedule, n_epochs=6, losses=()):
    """Return the rates of a run's epochs, whose losses fall evenly if none are given."""
    pace = schedule.begin(n_epochs)
    losses = losses or np.linspace(2.0, 1.0, n_epochs).tolist()
    return [pace(epoch, losses[epoch - 1] if epoch else None) for epoch in range(n_epochs)]


def trained_by_hand(name, schedule_rates):
    """Return where an optimizer leads whose rate is set anew before every update."""
    theta, fun = START, NET.objective(X, T)
    state = OPTIMIZERS[name](0.1).init(theta)
    for rate in schedule_rates:
        theta, state = OPTIMIZERS[name](rate).update(fun(theta)[1], state, theta)
    return theta


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (schedules.constant(0.3), [0.3] * 6),
        (schedules.step(0.8, every=2, factor=0.5), [0.8, 0.8, 0.4, 0.4, 0.2, 0.2]),
        (schedules.inverse_scaling(0.6, power=1.0), [0.6, 0.3, 0.2, 0.15, 0.12, 0.1]),
        (schedules.inverse_scaling(0.6, power=0.5, pace=3.0), [0.6 / math.sqrt(1 + 3 * t) for t in range(6)]),
        (schedules.cosine(0.4), [0.2 + 0.2 * math.cos(math.pi * t / 6) for t in range(6)]),
        (schedules.cosine(0.4, lowest=0.2), [0.3 + 0.1 * math.cos(math.pi * t / 6) for t in range(6)]),
        (schedules.warm_up(0.4, epochs=3), [0.1, 0.2, 0.3, 0.4, 0.4, 0.4]),
        (schedules.warm_up(schedules.step(0.4, 1, 0.5), epochs=3), [0.1, 0.2, 0.3, 0.4, 0.2, 0.1]),
        (schedules.warm_up(0.4, epochs=99), [0.004, 0.008, 0.012, 0.016, 0.02, 0.024]),
    ],
)
def test_rates_are_those_of_the_formula(schedule, expected):
    """Epoch by epoch the rate is the one worked out by hand."""
    np.testing.assert_allclose(rates(schedule), expected, rtol=1e-14)


def test_plateau_counts_epochs_without_a_lower_loss():
    """The rate falls after ``patience`` epochs without a loss lower by the tolerance, and never below the lowest."""
    schedule = schedules.reduce_on_plateau(0.8, factor=0.25, patience=2, tolerance=0.1, lowest=0.1)
    losses = [1.0, 0.95, 0.8, 0.8, 0.75, 0.7, 0.7, 0.7]

    np.testing.assert_allclose([0.8, 0.8, 0.8, 0.8, 0.8, 0.2, 0.2, 0.1], rates(schedule, 8, losses))


@pytest.mark.parametrize("name", ALL)
def test_schedules_are_values(name):
    """A schedule is frozen, equal to its like, and remembers nothing from one run to the next."""
    like = every_schedule()[name]
    assert like is not ALL[name]
    assert (like, hash(like)) == (ALL[name], hash(ALL[name]))
    assert rates(ALL[name], 6, [1.0] * 6) == rates(ALL[name], 6, [1.0] * 6) == rates(like, 6, [1.0] * 6)
    with pytest.raises(AttributeError):
        ALL[name].epochs = 3


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("schedule", ALL)
def test_every_optimizer_follows_every_schedule(name, schedule):
    """train with a schedule is the optimizer with its rate set by hand before every update."""
    run = cr.train(NET, X, T, START, optimizer=name, learning_rate=ALL[schedule], max_epochs=8)

    expected = rates(ALL[schedule], 8, run.history["loss"].tolist())
    np.testing.assert_array_equal(expected, run.history["learning_rate"])
    np.testing.assert_allclose(trained_by_hand(name, expected), run.theta, rtol=0, atol=1e-14)


def test_schedule_inside_an_optimizer_is_the_same():
    """A schedule may be given to train or to the optimizer's own function."""
    inside = cr.train(NET, X, T, START, optimizer=cr.sgd(ALL["step"], momentum=0.9), max_epochs=8)
    outside = cr.train(NET, X, T, START, optimizer="sgd", learning_rate=ALL["step"], max_epochs=8)

    np.testing.assert_array_equal(inside.history["learning_rate"], outside.history["learning_rate"])
    assert inside.theta.tolist() != outside.theta.tolist()


@pytest.mark.parametrize("batch_size", [None, 5])
def test_number_and_constant_schedule_are_the_same_to_the_bit(batch_size):
    """constant(0.1) trains as 0.1 does, and only the schedule is written into the history."""
    options = {"max_epochs": 5, "batch_size": batch_size, "random_state": 0}

    number = cr.train(NET, X, T, START, learning_rate=0.1, **options)
    schedule = cr.train(NET, X, T, START, learning_rate=ALL["constant"], **options)

    np.testing.assert_array_equal(number.theta, schedule.theta)
    assert "learning_rate" not in number.history
    assert schedule.history["learning_rate"].tolist() == [0.1] * 5


def test_mini_batches_of_an_epoch_share_its_rate():
    """With mini-batches the rate moves from epoch to epoch, and the history has one an epoch."""
    run = cr.train(NET, X, T, START, learning_rate=ALL["step"], max_epochs=5, batch_size=5, random_state=0)

    np.testing.assert_allclose([0.1, 0.1, 0.05, 0.05, 0.025], run.history["learning_rate"])


@pytest.mark.parametrize("batch_size", [None, 5])
def test_epochs_show_their_rate_and_can_be_left(batch_size):
    """Each epoch says its rate, and a loop that was left goes on with the rate where it was."""
    options = {"learning_rate": ALL["reduce_on_plateau"], "max_epochs": 9, "batch_size": batch_size}
    whole = cr.train(NET, X, T, START, **options, random_state=0)
    training, shown = cr.epochs(NET, X, T, START, **options, random_state=0), {}

    for last in (2, 5, 9):
        for epoch in training:
            shown[epoch.number] = epoch.learning_rate
            if epoch.number == last:
                break

    np.testing.assert_array_equal(whole.theta, training.run.theta)
    np.testing.assert_array_equal(whole.history["learning_rate"], list(shown.values()))


def test_float32_is_kept_under_a_schedule():
    """No schedule moves a float32 theta out of float32."""
    for schedule in ALL.values():
        run = cr.train(NET, X, T, START.astype(np.float32), learning_rate=schedule, max_epochs=4)

        assert np.float32 == run.theta.dtype


def test_own_schedule_is_accepted():
    """Anything with begin(n_epochs) that returns a function of epoch and loss is a schedule."""

    @dataclass(frozen=True)
    class Halves:
        def begin(self, n_epochs):
            return lambda epoch, loss: 0.5**epoch

    run = cr.train(NET, X, T, START, learning_rate=Halves(), max_epochs=4)

    assert run.history["learning_rate"].tolist() == [1.0, 0.5, 0.25, 0.125]


def test_own_schedule_with_an_impossible_rate_is_named():
    """A rate below 0, or no number, is refused when it comes."""

    class Falling:
        def begin(self, n_epochs):
            return lambda epoch, loss: 0.1 - 0.1 * epoch

    with pytest.raises(InvalidValue, match=r"The schedule's learning rate must be a number ≥ 0, got -0\.1\."):
        cr.train(NET, X, T, START, learning_rate=Falling(), max_epochs=4)


def test_schedule_for_an_optimizer_of_ones_own_is_refused():
    """Two functions of one's own have their rate inside, where no schedule reaches it."""
    own = Optimizer("own", lambda theta: None, lambda grad, state, theta: (theta - grad, state))

    with pytest.raises(InvalidValue, match="its rate is a part of it"):
        cr.train(NET, X, T, START, optimizer=own, learning_rate=ALL["step"])


def test_adaptive_is_scikit_learns():
    """With factor 0.2 and a patience of one more than n_iter_no_change the rate is scikit-learn's "adaptive" one."""
    theirs = pytest.importorskip("sklearn.neural_network._stochastic_optimizers").SGDOptimizer([], 0.5, "adaptive")
    losses = (1.0 + np.random.RandomState(0).normal(scale=0.3, size=40).cumsum() / 10).tolist()
    expected, count, best = [0.5], 0, math.inf
    for loss in losses[:-1]:
        count = count + 1 if loss > best - 1e-4 else 0
        best = min(best, loss)
        if count > 3:
            theirs.trigger_stopping("", verbose=False)
            count = 0
        expected.append(theirs.learning_rate)

    np.testing.assert_allclose(expected, rates(schedules.reduce_on_plateau(0.5, patience=4, lowest=0), 40, losses))


def test_inverse_scaling_is_scikit_learns():
    """With the number of samples as pace the rate is scikit-learn's "invscaling" one, which counts samples."""
    theirs = pytest.importorskip("sklearn.neural_network._stochastic_optimizers").SGDOptimizer([], 0.5, "invscaling")
    expected = [0.5]
    for epoch in range(1, 6):
        theirs.iteration_ends(21 * epoch)
        expected.append(theirs.learning_rate)

    np.testing.assert_allclose(expected, rates(schedules.inverse_scaling(0.5, pace=21)))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: schedules.constant(0), "learning_rate must be a number > 0, got 0."),
        (lambda: schedules.step(0.1, every=0), "step's every must be a whole number ≥ 1, got 0."),
        (lambda: schedules.step(0.1, 1, factor=1), "step's factor must be a number > 0 and < 1, got 1."),
        (lambda: schedules.inverse_scaling(-1), "learning_rate must be a number > 0, got -1."),
        (lambda: schedules.inverse_scaling(1, power=-1), "inverse_scaling's power must be a number ≥ 0, got -1."),
        (lambda: schedules.inverse_scaling(1, pace=0), "inverse_scaling's pace must be a number > 0, got 0."),
        (lambda: schedules.cosine("fast"), "learning_rate must be a number > 0, got 'fast'."),
        (lambda: schedules.cosine(0.1, lowest=0.2), "cosine's lowest must be a number ≥ 0 and ≤ 0.1, got 0.2."),
        (lambda: schedules.warm_up(0.1, epochs=0), "warm_up's epochs must be a whole number ≥ 1, got 0."),
        (lambda: schedules.warm_up("step", epochs=1), "learning_rate must be a number > 0, got 'step'."),
        (
            lambda: schedules.reduce_on_plateau(0.1, factor=0),
            "reduce_on_plateau's factor must be a number > 0 and < 1, got 0.",
        ),
        (
            lambda: schedules.reduce_on_plateau(0.1, patience=0.5),
            "reduce_on_plateau's patience must be a whole number ≥ 1, got 0.5.",
        ),
        (
            lambda: schedules.reduce_on_plateau(0.1, tolerance=-1),
            "reduce_on_plateau's tolerance must be a number ≥ 0, got -1.",
        ),
        (
            lambda: schedules.reduce_on_plateau(0.1, lowest=1),
            "reduce_on_plateau's lowest must be a number ≥ 0 and ≤ 0.1, got 1.",
        ),
    ],
)
def test_unusable_schedules_are_refused(make, sentence):
    """A schedule says what its numbers may be."""
    with pytest.raises(InvalidValue) as refused:
        make()

    assert sentence == str(refused.value)


def test_an_optimizer_made_with_a_schedule_updates_at_the_rate_of_a_first_epoch():
    """By itself it knows of no other: the schedule begins for one."""
    inverse = type("Inverse", (), {"begin": lambda self, n_epochs: lambda epoch, loss: 1 / n_epochs})()
    theta, _ = cr.sgd(inverse).update(np.ones(2), None, np.zeros(2))
    assert theta.tolist() == [-1.0, -1.0]
