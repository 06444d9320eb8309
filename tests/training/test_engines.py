"""Two engines, one truth: whole runs of the compiled engine are the textbook's to rounding, and its own bit for bit."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from tests.covering import parametrized
from tests.network.cases import OWN_ACTIVATION, OWN_LOSS, is_admissible, make_case, targets_for

import chainrule as cr
from chainrule import Dense, InvalidValue, MissingLibrary, Network, Optimizer, schedules
from chainrule.errors import warn_once
from chainrule.kernels import codes
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.arrays import quietly
from chainrule.maths.losses import LOSSES
from chainrule.network.engine_choice import WORTH_LOADING, is_compiled, textbook_seconds
from chainrule.training.compiled_steps import LONGEST_BLOCK, recipe_of
from chainrule.training.optimizers import OPTIMIZERS

ROUNDING = {np.float64: 1e-10, np.float32: 1e-4}
DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])
BATCHES = pytest.mark.parametrize("batch_size", [None, 7])
RNG = np.random.RandomState(5)
X = RNG.normal(size=(30, 3))
T = (X[:, :1] + 0.3 * RNG.normal(size=(30, 1)) > 0).astype(float)
VALIDATION = (RNG.normal(size=(9, 3)), RNG.randint(2, size=(9, 1)).astype(float))
NET = Network([Dense(4, "tanh"), Dense(1, "sigmoid")], n_features=3, loss="log_loss")
START = NET.initial_theta(0)
LINE = Network([Dense(1)], n_features=3)


def trained(engine, net=NET, x=X, t=T, theta=START, **settings):
    """Train by an engine, from the same start, in the same order."""
    return cr.train(net, x, t, theta, engine=engine, progress=False, **{"random_state": 0, **settings})


def assert_same_run(expected, actual, rtol=1e-10):
    """Check that two runs differ by rounding alone."""
    assert (expected.status, expected.epochs) == (actual.status, actual.epochs)
    assert list(expected.history) == list(actual.history) != []
    assert {len(values) for values in actual.history.values()} == {actual.epochs}
    assert actual.theta.dtype == expected.theta.dtype
    np.testing.assert_allclose(actual.theta, expected.theta, rtol=0, atol=rtol * np.abs(expected.theta).max())
    for name, values in expected.history.items():
        np.testing.assert_allclose(actual.history[name], values, rtol=rtol, atol=rtol * 1e-3, err_msg=name)
    assert actual.loss == pytest.approx(expected.loss, rel=rtol, abs=rtol * 1e-3)


def assert_identical(one, other):
    """Check that two runs are the same in every bit."""
    assert (one.status, one.message, one.epochs, one.loss) == (other.status, other.message, other.epochs, other.loss)
    np.testing.assert_array_equal(one.theta, other.theta)
    assert list(one.history) == list(other.history)
    for name, values in one.history.items():
        np.testing.assert_array_equal(values, other.history[name])


def both(*arguments, rtol=1e-10, **settings):
    """Train by both engines, check that they agree, and return the compiled run."""
    expected, actual = (trained(engine, *arguments, **settings) for engine in ("textbook", "compiled"))
    assert_same_run(expected, actual, rtol)
    assert expected.message == actual.message or rtol > 1e-10
    return actual


# --- the table ------------------------------------------------------------------------------------------------------

KINKED = ("relu", "leaky_relu", "selu")
KINKED_LOSSES = ("perceptron", "hinge", "absolute_error", "quantile")


@cache
def calm_case(net, dtype):
    """Draw a case that stays 1e-3 from every kink at its start: in float64 no run of a few epochs meets one."""
    for seed in range(200):
        case = make_case(net, 12, np.random.RandomState(seed))
        near = [np.inf]
        for layer, Z in zip(net.layers, case.trace.Z, strict=True):
            near += [np.abs(Z).min()] if layer.activation.name in KINKED else []
        margin = case.trace.Y * case.T if net.loss.name in ("perceptron", "hinge") else case.trace.Y - case.T
        if net.loss.name in KINKED_LOSSES:
            near.append(np.abs(margin - (net.loss.name == "hinge")).min())
        if min(near) > (1e-3 if dtype == np.float64 else 2e-2):
            return case
    raise AssertionError("no calm case")


@pytest.mark.parametrize(
    ("bias", "batch_size", "dtype"),
    [(True, None, np.float64), (False, 7, np.float64), (False, None, np.float32), (True, 7, np.float32)],
)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_trains_as_in_the_textbook(activation, bias, batch_size, dtype):
    """A hidden layer of every activation learns the same, with all that a run can have beside it.

    float32 takes so small steps that no unit crosses its kink: there rounding decides on which side it stands.
    """
    net = Network([Dense(3, activation, bias), Dense(2, "identity", bias)], n_features=2)
    case = calm_case(net, dtype)
    rate = 0.01 if dtype == np.float64 else 1e-4
    both(
        net,
        case.X,
        case.T,
        case.theta.astype(dtype),
        rtol=ROUNDING[dtype],
        optimizer="adam",
        learning_rate=rate,
        max_epochs=6,
        batch_size=batch_size,
        l2=0.01,
        l1=0.001,
        sample_weight=case.sample_weight,
    )


@DTYPES
@BATCHES
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_every_loss_trains_as_in_the_textbook(loss, batch_size, dtype):
    """Every loss, on each output that it admits, is brought down along the same way."""
    for activation in ACTIVATIONS.values():
        if is_admissible(activation, loss, 2):
            net = Network([Dense(3, "tanh"), Dense(2, activation)], n_features=2, loss=loss)
            case = calm_case(net, dtype)
            rate = 0.05 if dtype == np.float64 else 1e-3
            both(
                net,
                case.X,
                case.T,
                case.theta.astype(dtype),
                rtol=ROUNDING[dtype],
                learning_rate=rate,
                max_epochs=5,
                batch_size=batch_size,
                l2=0.01,
                sample_weight=case.sample_weight,
            )


RULES = {
    "sgd": cr.sgd(0.3),
    "momentum": cr.sgd(0.1, momentum=0.9),
    "nesterov": cr.sgd(0.1, momentum=0.9, nesterov=True),
    "momentum 1": cr.sgd(0.01, momentum=1.0),
    "adam": cr.adam(0.02),
    "adam forgets": cr.adam(0.02, beta1=0.0, beta2=0.0, epsilon=1e-3),
    "adamw": cr.adamw(0.02, weight_decay=0.3),
    "rmsprop": cr.rmsprop(0.01, decay=0.8, epsilon=1e-6),
    "adagrad": cr.adagrad(0.1),
}
PACES = {
    "step": schedules.step(0.1, every=3),
    "cosine": schedules.cosine(0.1),
    "inverse": schedules.inverse_scaling(0.1),
    "warm-up": schedules.warm_up(0.1, 4),
    "warm-up cosine": schedules.warm_up(schedules.cosine(0.1), 3),
    "plateau": schedules.reduce_on_plateau(0.1, patience=2, tolerance=0.05),
    "warm-up plateau": schedules.warm_up(schedules.reduce_on_plateau(0.1, patience=2, tolerance=0.05), 3),
}


@parametrized(rule=RULES, batch_size=[None, 7], dtype=[np.float64, np.float32])
def test_every_optimizer_moves_as_in_the_textbook(rule, batch_size, dtype):
    """Every optimizer takes the same steps, and what it remembers is the same."""
    both(theta=START.astype(dtype), optimizer=rule, batch_size=batch_size, max_epochs=20, l2=0.01, rtol=ROUNDING[dtype])


@parametrized(pace=PACES, name=list(OPTIMIZERS), batch_size=[None, 7])
def test_every_schedule_gives_every_epoch_its_rate(name, pace, batch_size):
    """Under every schedule each optimizer learns the same, and the same rates are written down."""
    run = both(optimizer=name, learning_rate=pace, batch_size=batch_size, max_epochs=20)
    assert len(run.history["learning_rate"]) == 20


@DTYPES
@BATCHES
@pytest.mark.parametrize("max_gradient_norm", [1e-3, 0.05, 1e3])
def test_clipping_is_the_textbooks(max_gradient_norm, batch_size, dtype):
    """Gradients are shortened always, sometimes or never, penalties included, as in the textbook."""
    both(
        theta=START.astype(dtype),
        max_gradient_norm=max_gradient_norm,
        batch_size=batch_size,
        max_epochs=15,
        l2=0.05,
        l1=0.01,
        rtol=ROUNDING[dtype],
    )


@parametrized(start=[0, 1, 7, 14, 15, 40], batch_size=[None, 7], dtype=[np.float64, np.float32])
def test_averaging_is_the_textbooks(start, batch_size, dtype):
    """The mean of the parameters from the first, a middle, the last epoch on, or from none, is the textbook's."""
    settings = {"theta": START.astype(dtype), "optimizer": "adam", "average_from": start, "batch_size": batch_size}
    both(**settings, max_epochs=15, rtol=ROUNDING[dtype])


@DTYPES
@pytest.mark.parametrize("batch_size", [1, 4, 7, 15, 29, 30, None])
def test_batches_that_do_not_divide_the_samples_are_the_textbooks(batch_size, dtype):
    """Batches of one sample, of all, and with a shorter last one are dealt and weighed the same."""
    both(
        theta=START.astype(dtype),
        batch_size=batch_size,
        max_epochs=8,
        l2=0.01,
        sample_weight=np.arange(30.0),
        rtol=ROUNDING[dtype],
    )


@parametrized(rates=[(0.5, 0.0), (0.0, 0.3), (0.4, 0.2)], batch_size=[None, 7], dtype=[np.float64, np.float32])
def test_dropout_leaves_out_the_same_units(rates, batch_size, dtype):
    """Each update drops what the textbook's drops, so that whole runs are the same; so with averages and clipping."""
    hidden, inputs = rates
    layers = [Dense(8, "tanh", dropout=hidden), Dense(6, "sigmoid", dropout=hidden / 2), Dense(1, "sigmoid")]
    net = Network(layers, n_features=3, loss="log_loss", input_dropout=inputs)
    theta = net.initial_theta(1, dtype=dtype)
    settings = {"batch_size": batch_size, "max_epochs": 12, "average_from": 8, "max_gradient_norm": 0.3}
    both(net, X, T, theta, **settings, rtol=ROUNDING[dtype])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_every_depth_and_seed_trains_the_same(depth, seed):
    """From one layer to four, from several starts and in several orders, runs are the textbook's."""
    net = Network([*(Dense(5, "silu") for _ in range(depth - 1)), Dense(2, "softmax")], 3, "cross_entropy")
    targets = np.c_[T, 1 - T]
    both(net, X, targets, None, random_state=seed, batch_size=8, optimizer="adam", max_epochs=10)


@pytest.mark.parametrize("kind", ["weights", "some weigh nothing", "one alone weighs"])
@BATCHES
@DTYPES
def test_sample_weights_count_as_in_the_textbook(kind, batch_size, dtype):
    """Samples count by their weights; a batch of no weight brings no update and is not counted, with dropout too."""
    weight = np.random.RandomState(0).uniform(0.1, 3, 30)
    weight[{"weights": slice(0, 0), "some weigh nothing": slice(4, None), "one alone weighs": slice(1, None)}[kind]] = 0
    net = Network([Dense(4, "tanh", dropout=0.3), Dense(1, "sigmoid")], 3, "log_loss")
    settings = {"sample_weight": weight, "batch_size": batch_size, "average_from": 3, "optimizer": "adam"}
    both(net, theta=START.astype(dtype), **settings, max_epochs=9, rtol=ROUNDING[dtype])


@BATCHES
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus", "relu", "gelu", "mish", "elu", "softmax"])
def test_saturated_units_learn_as_in_the_textbook(activation, batch_size):
    """Inputs a thousand times too large leave units that no gradient moves, in either engine."""
    net = Network([Dense(4, activation), Dense(1, "sigmoid")], n_features=3, loss="log_loss")
    both(net, 1e3 * X, T, net.initial_theta(0), learning_rate=1e-4, batch_size=batch_size, max_epochs=5, rtol=1e-8)


@BATCHES
def test_tiny_inputs_learn_as_in_the_textbook(batch_size):
    """Inputs near nothing train the same: what is subtracted near 0 keeps its digits."""
    for activation in ("tanh", "elu", "selu", "softplus", "gelu"):
        net = Network([Dense(4, activation, bias=False), Dense(1, bias=False)], n_features=3)
        both(net, 1e-6 * X, 1e-6 * T, net.initial_theta(0), learning_rate=0.1, batch_size=batch_size, max_epochs=5)


def test_many_rows_train_as_in_the_textbook():
    """Batches longer than a slice of rows take the same steps, dropout included."""
    rng = np.random.RandomState(0)
    net = Network([Dense(8, "tanh", dropout=0.2), Dense(3, "softmax")], 4, "cross_entropy", input_dropout=0.1)
    many = rng.normal(size=(5000, 4))
    targets = targets_for(net.loss, 5000, 3, rng)
    for batch_size in (None, 1500):
        both(net, many, targets, net.initial_theta(0), batch_size=batch_size, max_epochs=3)


@pytest.mark.parametrize("method", ["L-BFGS-B", "BFGS", "Newton-CG", "Nelder-Mead", "trust-ncg"])
def test_scipys_methods_go_the_same_way(method):
    """The objective that SciPy is handed is the textbook's: ten iterations lead to the same place."""
    runs = [
        cr.minimize(
            NET,
            X,
            T,
            START,
            method=method,
            max_iterations=10,
            l2=0.01,
            validation=VALIDATION,
            engine=one,
            progress=False,
        )
        for one in ("textbook", "compiled")
    ]
    assert_same_run(*runs, rtol=1e-5)


# --- the same bits --------------------------------------------------------------------------------------------------

BIG = Network([Dense(40, "relu"), Dense(30, "gelu"), Dense(2, "softmax")], n_features=20, loss="cross_entropy")


@cache
def big_data():
    rng = np.random.RandomState(0)
    return rng.normal(size=(3000, 20)), np.eye(2)[rng.randint(2, size=3000)]


@BATCHES
@DTYPES
def test_the_same_run_gives_the_same_bits(batch_size, dtype):
    """Twice the same run is the same in every bit."""
    size = batch_size and 256
    theta = BIG.initial_theta(0, dtype=dtype)
    assert_identical(*(trained("compiled", BIG, *big_data(), theta, batch_size=size, max_epochs=3) for _ in range(2)))


def test_runs_beside_each_other_are_those_alone():
    """Four threads train at once, and each finds the bits of a run alone."""

    def learn(seed):
        return trained(
            "compiled", BIG, *big_data(), None, batch_size=256, max_epochs=4, random_state=seed, optimizer="adam"
        )

    alone = [learn(seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        beside = list(pool.map(learn, range(4)))
    for one, other in zip(alone, beside, strict=True):
        assert_identical(one, other)


def test_where_blocks_end_does_not_matter():
    """A run shown epoch by epoch, which trains one at a time, has the bits of one in a single call."""
    for settings in ({}, {"batch_size": 7}, {"average_from": 20}, {"learning_rate": schedules.cosine(0.3)}):
        seen = trained("compiled", max_epochs=50, callback=lambda epoch: False, **settings)
        assert_identical(seen, trained("compiled", max_epochs=50, **settings))


# --- stops ----------------------------------------------------------------------------------------------------------


@cache
def long_run(batch_size):
    """Return the textbook's losses, long enough for several calls of the engine."""
    return trained("textbook", max_epochs=LONGEST_BLOCK + 300, batch_size=batch_size, learning_rate=0.05).history[
        "loss"
    ]


@pytest.mark.parametrize(
    "number", [0, 1, 2, 3, 1000, LONGEST_BLOCK - 1, LONGEST_BLOCK, LONGEST_BLOCK + 1, LONGEST_BLOCK + 299]
)
def test_loss_below_stops_at_the_same_epoch(number):
    """The run ends at the first, the second, a middle, the last of one call, the first of the next, the last of all."""
    losses = long_run(None)
    threshold = losses[0] + 1.0 if number == 0 else (losses[number - 1] + losses[number]) / 2
    run = both(max_epochs=LONGEST_BLOCK + 300, learning_rate=0.05, stop=cr.loss_below(threshold))
    assert (run.status, run.epochs) == ("converged", number)


def test_loss_below_is_noticed_at_the_very_end():
    """The parameters after the last update are looked at, which no epoch has shown."""
    losses = long_run(None)
    run = both(max_epochs=50, learning_rate=0.05, stop=cr.loss_below((losses[49] + losses[50]) / 2))
    assert (run.status, run.epochs) == ("converged", 50)


STOPS = {
    "at once": {"stop": cr.loss_below(10.0)},
    "middle": {"stop": cr.loss_below(0.42)},
    "never": {"stop": cr.loss_below(-1.0)},
    "patience": {"stop": cr.no_improvement(3, tolerance=0.01)},
    "patience 1": {"stop": cr.no_improvement(1, tolerance=10.0)},
    "both": {"stop": [cr.loss_below(0.3), cr.no_improvement(5, tolerance=0.003)]},
    "both at once": {"stop": [cr.no_improvement(1, tolerance=10.0), cr.loss_below(10.0)]},
    "both at once turned": {"stop": [cr.loss_below(10.0), cr.no_improvement(1, tolerance=10.0)]},
    "callback": {"callback": lambda epoch: epoch.number == 13},
    "callback first": {"callback": lambda epoch: "enough"},
    "callback last": {"callback": lambda epoch: epoch.number == 59},
    "callback and rule": {"stop": cr.loss_below(0.42), "callback": lambda epoch: epoch.accuracy > 0.9},
    "accuracy": {"stop": cr.accuracy_reached(0.9)},
    "no accuracy": {"stop": cr.accuracy_reached(1.0)},
}


@parametrized(stop=STOPS, validation={"": None, "validated": VALIDATION}, batch_size=[None, 7])
def test_every_rule_stops_the_run_where_the_textbook_does(stop, validation, batch_size):
    """Rules, callbacks and lists of them end the run in the same epoch, for the same reason, at the same theta."""
    both(
        optimizer="adam",
        learning_rate=0.03,
        max_epochs=60,
        **stop,
        validation=validation,
        batch_size=batch_size,
        rtol=1e-10,
    )


@BATCHES
def test_early_stopping_returns_the_same_best(batch_size):
    """Of the validation loss the parameters of the best epoch come back."""
    stop = cr.no_improvement(8, of="validation_loss")
    both(optimizer="adam", learning_rate=0.1, max_epochs=80, stop=stop, validation=VALIDATION, batch_size=batch_size)


@BATCHES
@pytest.mark.parametrize("number", [0, 5, 19])
def test_ctrl_c_returns_the_run_so_far(number, batch_size):
    """Ctrl-C in the first, a middle and the last epoch ends both engines' runs alike."""

    def interrupt(epoch):
        if epoch.number == number:
            raise KeyboardInterrupt

    run = both(max_epochs=20, callback=interrupt, batch_size=batch_size)
    assert run.status == "stopped"


def test_ctrl_c_inside_a_call_returns_the_epochs_before_it(monkeypatch):
    """Where Ctrl-C falls into a call of many epochs, those before it stand, and theta is where they led."""
    from chainrule.training.compiled_steps import CompiledSteps

    original, calls = CompiledSteps.block, []

    def block(self, rates):
        calls.append(len(rates))
        if len(calls) == 2:
            original(self, rates)
            raise KeyboardInterrupt
        return original(self, rates)

    monkeypatch.setattr(CompiledSteps, "block", block)
    run = trained("compiled", max_epochs=3 * LONGEST_BLOCK)
    monkeypatch.undo()

    assert (run.status, run.epochs) == ("stopped", LONGEST_BLOCK)
    np.testing.assert_array_equal(run.theta, trained("compiled", max_epochs=LONGEST_BLOCK).theta)


def generators():
    return {
        "RandomState": lambda: np.random.RandomState(3),
        "default_rng": lambda: np.random.default_rng(3),
        "MT19937": lambda: np.random.Generator(np.random.MT19937(3)),
    }


@pytest.mark.parametrize("make", generators().values(), ids=generators())
@pytest.mark.parametrize(
    ("net", "settings"),
    [
        (NET, {"max_epochs": 9}),
        (NET, {"max_epochs": 9, "batch_size": 7}),
        (NET, {"max_epochs": 500, "batch_size": 7, "stop": cr.loss_below(0.35)}),
        (NET, {"max_epochs": 500, "batch_size": 7, "stop": cr.loss_below(10.0)}),
        (NET, {"max_epochs": 500, "batch_size": 7, "stop": cr.no_improvement(4)}),
        (NET, {"max_epochs": 30, "batch_size": 7, "callback": lambda epoch: epoch.number == 11}),
        (NET, {"max_epochs": 30, "batch_size": 7, "average_from": 11}),
        (NET, {"max_epochs": 30, "batch_size": 7, "sample_weight": np.arange(30) < 5}),
        (LINE, {"max_epochs": 800, "batch_size": 7, "learning_rate": 1e20}),
        (LINE, {"max_epochs": 800, "batch_size": 7, "learning_rate": 1e160}),
        (LINE, {"max_epochs": 800, "learning_rate": 1e20}),
    ],
    ids=[
        "whole",
        "batches",
        "below",
        "below at once",
        "patience",
        "callback",
        "averaged",
        "weights",
        "diverges",
        "at once",
        "whole diverges",
    ],
)
def test_a_generator_is_left_where_the_textbook_leaves_it(make, net, settings):
    """Whoever draws from the same generator afterwards gets the same numbers, however the run has ended."""
    positions = []
    for engine in ("textbook", "compiled"):
        generator = make()
        trained(engine, net, X, T, None, random_state=generator, **settings)
        positions.append(generator.normal(size=3).tolist())
    assert positions[0] == positions[1]


@pytest.mark.parametrize("make", generators().values(), ids=generators())
def test_a_first_epoch_that_is_not_finite_draws_one_order(make):
    """Where the start itself has no finite loss, the generator has dealt one epoch, as in the textbook."""
    positions = []
    for engine in ("textbook", "compiled"):
        generator = make()
        run = trained(engine, LINE, X, T, np.full(4, 1e200), random_state=generator, batch_size=7, max_epochs=50)
        assert (run.status, run.epochs) == ("non_finite", 0)
        positions.append(generator.normal(size=3).tolist())
    assert positions[0] == positions[1]


# --- numbers that are not finite ------------------------------------------------------------------------------------


def assert_same_end(net, x, t, theta, **settings):
    """Check that a run that leaves the finite numbers ends where the textbook's does; return the compiled one.

    On the way the numbers grow, and their rounding with them: they are compared as far as they are known. Which square
    is the first to overflow is rounding, too: the kernels multiply in another order, and may know a loss up to the
    number of samples times larger. The rates here are so large that every update leaps over that.
    """
    expected, actual = (trained(one, net, x, t, theta, **settings) for one in ("textbook", "compiled"))
    assert (expected.status, expected.epochs, expected.message) == (actual.status, actual.epochs, actual.message)
    assert np.isfinite(actual.theta).all()
    assert {actual.epochs} == {len(values) for values in actual.history.values()}
    rtol = 1e-6 if actual.theta.dtype == np.float64 else 0.05
    np.testing.assert_allclose(actual.theta, expected.theta, rtol=rtol)
    np.testing.assert_allclose(actual.history["loss"], expected.history["loss"], rtol=rtol)
    return actual


@DTYPES
@BATCHES
@pytest.mark.parametrize(
    "optimizer", [cr.sgd(1e6), cr.sgd(1e12), cr.sgd(1e30), cr.sgd(1e300), cr.sgd(1e6, momentum=0.9)]
)
def test_a_divergence_ends_as_in_the_textbook(optimizer, batch_size, dtype):
    """A learning rate far too large ends in the same epoch with the textbook's last finite theta."""
    run = assert_same_end(LINE, X, T, np.ones(4, dtype), optimizer=optimizer, batch_size=batch_size, max_epochs=2500)
    assert run.status == "non_finite"


@BATCHES
@pytest.mark.parametrize("last", [-1, 0, 1])
def test_a_divergence_at_the_last_epoch_is_noticed(last, batch_size):
    """A run as long as it takes to diverge, one epoch shorter or longer, ends as the textbook's."""
    full = trained("textbook", LINE, X, T, np.ones(4), learning_rate=1e6, batch_size=batch_size)
    run = assert_same_end(
        LINE, X, T, np.ones(4), learning_rate=1e6, batch_size=batch_size, max_epochs=full.epochs + last
    )
    assert (run.status == "non_finite") or last < 1


@BATCHES
@DTYPES
def test_a_slow_divergence_ends_within_an_epoch_of_the_textbooks(batch_size, dtype):
    """Where every update makes the loss a little larger, the engines differ by the order of rounding, or not at all."""
    for rate in (3.0, 10.0):
        settings = {"learning_rate": rate, "batch_size": batch_size, "max_epochs": 3000}
        expected, actual = (trained(one, LINE, X, T, np.ones(4, dtype), **settings) for one in ("textbook", "compiled"))
        assert actual.status == expected.status == "non_finite"
        assert abs(actual.epochs - expected.epochs) <= 2
        assert np.isfinite(actual.theta).all()
        assert np.isfinite(actual.loss)
        assert f"in epoch {actual.epochs};" in actual.message


@pytest.mark.parametrize("bias", [0.0, 1e150, 1e160, 1e300])
@BATCHES
def test_a_start_that_has_no_finite_loss_is_returned(bias, batch_size):
    """Already the first loss may be infinite: then the start comes back, and status and message say so."""
    for engine in ("textbook", "compiled"):
        run = trained(
            engine,
            LINE,
            X,
            T,
            np.array([1.0, 2.0, 3.0, bias]),
            batch_size=batch_size,
            max_epochs=30,
            learning_rate=1e-3,
        )
        assert np.isfinite(run.theta).all()
        assert run.status == ("max_epochs" if bias < 1e155 else "non_finite")
        if bias > 1e155:
            assert (run.epochs, run.theta.tolist()) == (0, [1.0, 2.0, 3.0, bias])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("average_from", "rate"), [(None, 1e20), (2, 1e20), (None, 1e60)])
def test_a_divergence_with_weights_of_zero_ends_as_in_the_textbook(seed, average_from, rate):
    """Where the last batches of an epoch weigh nothing, the last finite theta is still the textbook's."""
    weight = (np.arange(30) % 6 == 0).astype(float)
    settings = {"sample_weight": weight, "batch_size": 3, "learning_rate": rate, "max_epochs": 400}
    run = assert_same_end(LINE, X, T, np.ones(4), **settings, random_state=seed, average_from=average_from)
    assert run.status == "non_finite"


@BATCHES
@DTYPES
def test_a_divergence_with_everything_else_ends_as_in_the_textbook(batch_size, dtype):
    """Dropout, an average, momentum and a schedule do not change which theta was the last finite one."""
    net = Network([Dense(5, "tanh", dropout=0.3), Dense(1)], n_features=3)
    optimizer = cr.sgd(schedules.warm_up(1e8, 3), momentum=0.5)
    settings = {"optimizer": optimizer, "average_from": 2, "batch_size": batch_size, "max_epochs": 1000}
    expected, actual = (
        trained(one, net, X, T, net.initial_theta(0, dtype=dtype), **settings) for one in ("textbook", "compiled")
    )
    assert (expected.status, expected.message) == (actual.status, actual.message)
    np.testing.assert_allclose(actual.theta, expected.theta, rtol=1e-5 if dtype == np.float64 else 0.1)


@BATCHES
def test_rules_may_look_at_a_diverging_run(batch_size):
    """Rules at work on a run that diverges end it as in the textbook, without a warning."""
    for stop in (cr.loss_below(-1), cr.no_improvement(100), cr.accuracy_reached()):
        assert_same_end(LINE, X, T, np.ones(4), learning_rate=1e6, batch_size=batch_size, stop=stop, max_epochs=1000)
    settings = {"learning_rate": 1e6, "batch_size": batch_size, "max_epochs": 1000}
    assert_same_end(LINE, X, T, np.ones(4), callback=lambda epoch: epoch.accuracy > 2, **settings)


# --- epoch by epoch -------------------------------------------------------------------------------------------------


@BATCHES
@pytest.mark.parametrize("average_from", [None, 4])
def test_epochs_are_those_of_train_bit_for_bit(batch_size, average_from):
    """The loop that shows every epoch has the run of the loop that shows none, and its losses."""
    settings = {
        "batch_size": batch_size,
        "optimizer": "adam",
        "max_epochs": 12,
        "random_state": 0,
        "average_from": average_from,
    }
    training = cr.epochs(NET, X, T, START, engine="compiled", **settings)
    losses = [epoch.loss for epoch in training]
    whole = trained("compiled", **settings)
    assert_identical(whole, training.run)
    assert losses == whole.history["loss"].tolist()


@BATCHES
def test_thetas_that_were_shown_stay_as_they_were(batch_size):
    """Each epoch's theta is an array of its own: later updates do not write to it."""
    training = cr.epochs(NET, X, T, START, engine="compiled", max_epochs=8, batch_size=batch_size, random_state=0)
    kept = [(epoch.theta, epoch.theta.copy()) for epoch in training]
    for shown, copy in kept:
        np.testing.assert_array_equal(copy, shown)
    assert len({theta.tobytes() for theta, _ in kept}) == 8


@BATCHES
def test_a_theta_that_is_overwritten_does_not_lead_astray(batch_size):
    """Whoever writes to a theta that was shown changes nothing of the training to come."""
    training = cr.epochs(NET, X, T, START, engine="compiled", max_epochs=8, batch_size=batch_size, random_state=0)
    for epoch in training:
        if epoch.number < 7:
            epoch.theta[:] = 0.0
    clean = trained("compiled", max_epochs=8, batch_size=batch_size)
    np.testing.assert_array_equal(clean.theta, training.run.theta)


@BATCHES
def test_a_loop_that_was_left_goes_on(batch_size):
    """Leaving the loop and iterating again gives the run that was never left."""
    settings = {"batch_size": batch_size, "max_epochs": 10, "random_state": 0, "optimizer": "adam"}
    training = cr.epochs(NET, X, T, START, engine="compiled", **settings)
    for epoch in training:
        if epoch.number == 3:
            break
    assert training.run.status == "stopped"
    for _ in training:
        pass
    assert_identical(trained("compiled", **settings), training.run)


# --- who computes ---------------------------------------------------------------------------------------------------


def test_the_engine_has_a_code_for_every_optimizer():
    """Every built-in optimizer has a recipe whose name the engine knows, at a rate and at every rate of a schedule."""
    made = [make() for make in OPTIMIZERS.values()] + [make(schedules.cosine(0.1)) for make in OPTIMIZERS.values()]
    for one in [*made, *RULES.values()]:
        assert recipe_of(one).name in codes.OPTIMIZERS
        assert one.at_rate is None or recipe_of(one.at_rate(0.0)).name in codes.OPTIMIZERS
    assert {recipe_of(one).name for one in RULES.values()} == set(codes.OPTIMIZERS)


HALVING = Optimizer("halving", lambda theta: None, lambda grad, state, theta: (theta / 2, state))
OWN = {
    "activation": (
        {"net": Network([Dense(4, OWN_ACTIVATION), Dense(1, "sigmoid")], 3, "log_loss")},
        "the activation 'own sine'",
    ),
    "loss": ({"net": Network([Dense(4, "tanh"), Dense(1)], 3, OWN_LOSS)}, "the loss 'own log cosh'"),
    "optimizer": ({"optimizer": HALVING}, "an optimizer of your own"),
    "changed adam": ({"optimizer": dataclasses.replace(cr.adam(), update=HALVING.update)}, "an optimizer of your own"),
    "named adam": ({"optimizer": dataclasses.replace(HALVING, name="adam")}, "an optimizer of your own"),
}


@pytest.mark.parametrize(("settings", "what"), OWN.values(), ids=OWN)
def test_parts_of_ones_own_are_the_textbooks(settings, what):
    """Asked for by name the compiled engine refuses them in a sentence; auto trains them by the textbook engine."""
    message = f"Cannot use engine='compiled' with {what}: it computes only what is built in. Use engine='auto'."
    with pytest.raises(InvalidValue) as refused:
        trained("compiled", **settings, max_epochs=3)
    assert message == str(refused.value)
    long = {**settings, "max_epochs": 9000, "callback": lambda epoch: epoch.number == 40}
    runs = trained("textbook", **long), trained("auto", **long)
    assert runs[0].status == "stopped"
    assert_identical(*runs)


def test_an_adam_that_begins_elsewhere_is_taken_at_its_word():
    """An optimizer with another first state, such as one that goes on where a run stopped, is not begun anew."""
    adam = cr.adam(0.05)
    _, state = adam.update(np.ones_like(START), adam.init(START), START)
    _, state = adam.update(np.full_like(START, 0.3), state, START)
    both(optimizer=dataclasses.replace(adam, init=lambda theta: state), max_epochs=6)


def test_a_schedule_over_ones_own_updates_is_the_textbooks():
    """An optimizer whose at_rate gives another update than its recipe is not run by that recipe."""

    def at_rate(rate):
        return Optimizer("signs", lambda theta: None, lambda grad, state, theta: (theta - rate * np.sign(grad), state))

    own = dataclasses.replace(cr.sgd(schedules.cosine(0.1)), at_rate=at_rate)
    assert textbook_seconds(NET, 30, 30, 900) > WORTH_LOADING  # so that auto would compile what it can
    assert_identical(trained("textbook", optimizer=own, max_epochs=900), trained("auto", optimizer=own, max_epochs=900))


@pytest.mark.parametrize("learn", [cr.train, cr.epochs, cr.minimize])
def test_an_engine_that_is_not_there_is_told_at_once(learn):
    """An unknown engine is answered with the names of those there are."""
    with pytest.raises(InvalidValue, match=r"Unknown engine 'nonsense'\. The choices are: auto, textbook, compiled"):
        learn(NET, X, T, engine="nonsense")
    with pytest.raises(InvalidValue, match="Unknown engine None"):
        learn(NET, X, T, engine=None)


def test_levenberg_marquardt_is_the_textbooks():
    """Its residuals and Jacobian are not compiled: asked for by name they are refused, auto takes the textbook."""
    net = Network([Dense(3, "tanh"), Dense(1)], n_features=3)
    with pytest.raises(InvalidValue, match="Cannot use engine='compiled' with method='levenberg-marquardt'"):
        cr.minimize(net, X, T, method="levenberg-marquardt", engine="compiled")
    runs = [
        cr.minimize(
            net,
            X,
            T,
            net.initial_theta(0),
            method="levenberg-marquardt",
            engine=one,
            max_iterations=1000,
            progress=False,
        )
        for one in ("textbook", "auto")
    ]
    assert_identical(*runs)


def without_numba(monkeypatch):
    monkeypatch.setattr("chainrule.network.engine_choice.lacking", lambda: "Library numba is missing")
    warn_once.cache_clear()


def test_without_numba_the_compiled_engine_says_so(monkeypatch):
    """Asked for by name it is missing, in a sentence."""
    without_numba(monkeypatch)
    for learn in (cr.train, cr.epochs, cr.minimize):
        with pytest.raises(MissingLibrary, match=r"Library numba is missing, and engine='compiled' needs it\."):
            learn(NET, X, T, engine="compiled")


def test_without_numba_auto_warns_once_and_works_on(monkeypatch):
    """A long run warns the first time, and is the textbook's in every bit; short ones never warn."""
    without_numba(monkeypatch)
    soon = {"max_epochs": 9000, "stop": cr.loss_below(1e9)}  # long by its shapes, and over after an epoch
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trained("auto", **{**soon, "max_epochs": 1000})
    with pytest.warns(UserWarning, match="Library numba is missing, so long trainings take longer") as told:
        run = trained("auto", **soon)
    assert len(told) == 1
    assert told[0].filename == __file__
    trained("auto", **soon)  # a second warning would be an error
    assert_identical(trained("textbook", **soon), run)


def test_auto_decides_from_shapes_alone():
    """A long run is compiled and a short one is not, and what is asked for by name is what one gets."""
    assert_identical(trained("textbook", max_epochs=100), trained("auto", max_epochs=100))
    assert_identical(trained("compiled", max_epochs=9000), trained("auto", max_epochs=9000))
    assert not is_compiled("textbook", NET, seconds=1e9)
    assert is_compiled("compiled", NET, seconds=0.0)
    assert is_compiled("auto", NET, seconds=1e9)
    assert not is_compiled("auto", NET, seconds=1e9, obstacle="sparse X")


def test_the_estimate_grows_with_all_that_takes_time():
    """More epochs, samples, smaller batches and larger layers take longer."""
    large = Network([Dense(400, "tanh"), Dense(1, "sigmoid")], n_features=3, loss="log_loss")
    base = textbook_seconds(NET, 1000, 100, 10)
    assert base < textbook_seconds(NET, 1000, 100, 11)
    assert base < textbook_seconds(NET, 2000, 100, 10)
    assert base < textbook_seconds(NET, 1000, 10, 10)
    assert base < textbook_seconds(large, 1000, 100, 10)


# --- what is handed in ----------------------------------------------------------------------------------------------


def layouts():
    read_only = X.copy()
    read_only.flags.writeable = False
    return {
        "read-only": read_only,
        "Fortran": np.asfortranarray(X),
        "strided": np.repeat(X, 2, axis=0)[::2],
        "list": X.tolist(),
        "float32": X.astype(np.float32),
        "whole": np.round(X * 3).astype(int),
        "booleans": X > 0,
        "big-endian": X.astype(">f8"),
    }


@BATCHES
@pytest.mark.parametrize("name", layouts())
def test_samples_of_any_kind_and_layout_train_as_their_float64_copy(name, batch_size):
    """The run is that of the same numbers in a plain array, and nothing that was handed in is changed."""
    given = layouts()[name]
    before, theta, targets, weight = np.array(given), START.copy(), T.copy(), np.arange(1.0, 31.0)
    plain = np.array(given, dtype=np.float64, order="C")
    settings = {"batch_size": batch_size, "max_epochs": 5}
    run = trained("compiled", NET, given, targets, theta, sample_weight=weight, **settings)
    assert_identical(trained("compiled", NET, plain, T, START, sample_weight=np.arange(1.0, 31.0), **settings), run)
    for kept, now in ((before, given), (START, theta), (T, targets), (np.arange(1.0, 31.0), weight)):
        np.testing.assert_array_equal(kept, now)


def test_samples_on_disk_are_read_where_they_are(tmp_path):
    """A read-only memory map trains as the array it holds."""
    path = tmp_path / "X.npy"
    np.save(path, X)
    mapped = np.load(path, mmap_mode="r")
    for batch_size in (None, 7):
        run = trained("compiled", NET, mapped, T, max_epochs=4, batch_size=batch_size)
        assert_identical(trained("compiled", max_epochs=4, batch_size=batch_size), run)


@pytest.mark.parametrize(("rows", "columns"), [(1, 3), (1, 1), (30, 1), (2, 3)])
@BATCHES
def test_one_row_and_one_column_will_do(rows, columns, batch_size):
    """The smallest samples there are train as in the textbook."""
    net = Network([Dense(2, "tanh"), Dense(1)], n_features=columns)
    size = None if batch_size is None else min(batch_size, rows)
    both(net, X[:rows, :columns], T[:rows], None, max_epochs=5, batch_size=size)


def test_targets_without_a_second_dimension_will_do():
    """T (n_samples,), a view with gaps and read-only targets are those of a column."""
    column = np.repeat(T, 2, axis=1)[:, 0]
    column.flags.writeable = False
    assert_identical(trained("compiled", max_epochs=4), trained("compiled", t=column, max_epochs=4))


def test_float32_trains_in_float32():
    """A float32 start makes a float32 run, whatever X is in; histories are float64."""
    run = trained("compiled", theta=START.astype(np.float32), max_epochs=4)
    assert run.theta.dtype == np.float32
    assert run.history["loss"].dtype == np.float64


@quietly
def test_samples_beyond_float32_end_the_run():
    """Inputs that are infinite in float32 are refused or end the run, in either engine alike."""
    answers = []
    for engine in ("textbook", "compiled"):
        try:
            answers.append(trained(engine, x=1e300 * X, theta=START.astype(np.float32), max_epochs=3).status)
        except InvalidValue as refused:
            answers.append(str(refused))
    assert answers[0] == answers[1]


def test_a_setting_says_what_auto_prefers(monkeypatch):
    """CHAINRULE_ENGINE names the engine that auto takes, as far as that can compute it; a wrong name is refused."""
    for name, expected in (("textbook", (False, False)), ("compiled", (True, True)), ("auto", (False, True))):
        monkeypatch.setenv("CHAINRULE_ENGINE", name)
        assert (is_compiled("auto", NET, seconds=0.0), is_compiled("auto", NET, seconds=1.0)) == expected
        assert not is_compiled("auto", NET, seconds=1e9, obstacle="sparse X")
        assert not is_compiled("textbook", NET, seconds=1e9)
        assert is_compiled("compiled", NET, seconds=0.0)
    monkeypatch.setenv("CHAINRULE_ENGINE", "numba")
    with pytest.raises(InvalidValue, match=r"Unknown engine in CHAINRULE_ENGINE, 'numba'\. .*textbook, compiled"):
        is_compiled("auto", NET, seconds=1.0)


def test_without_a_cache_a_training_must_be_worth_compiling(monkeypatch):
    """Under CHAINRULE_CACHE=off auto compiles what takes the textbook engine seconds; whatever lies in a folder."""
    for place, from_seconds in (("off", 4.0), ("/no/such/folder", 0.02)):
        monkeypatch.setenv("CHAINRULE_CACHE", place)
        assert not is_compiled("auto", NET, seconds=0.99 * from_seconds)
        assert is_compiled("auto", NET, seconds=from_seconds)


BROKEN = """
import numpy as np
import chainrule as cr
net = cr.Network([cr.Dense(4, "tanh"), cr.Dense(1)], 2)
X = np.random.RandomState(0).normal(size=(40, 2))
run = cr.train(net, X, X[:, :1], max_epochs=9000, stop=cr.loss_below(1e9), progress=False, random_state=0)
print(run.status)
"""


def test_a_numba_that_cannot_be_imported_is_as_good_as_none(tmp_path):
    """As where NumPy is too new for it: auto says so, at the user's line, and works on."""
    (tmp_path / "numba.py").write_text("raise ImportError('Numba needs NumPy 2.3 or less. Got NumPy 9.9.')")
    command = [sys.executable, "-W", "default", "-c", BROKEN]
    environment = {**os.environ, "CHAINRULE_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "converged\n"
    told, *_source = done.stderr.splitlines()  # from Python 3.13 on the line that it points at follows
    assert told == (
        "<string>:6: UserWarning: numba cannot be imported (Numba needs NumPy 2.3 or less. Got NumPy 9.9.), so long "
        "trainings take longer: the textbook engine trains."
    )
