"""Levenberg–Marquardt: residuals whose squares are the objective, their Jacobian, and runs like all others."""

from __future__ import annotations

import numpy as np
import pytest
from tests.network.cases import ALL_ACTIVATIONS, activations_of, calmed

import chainrule as cr
from chainrule import Activation, Dense, InvalidValue, Loss, Network
from chainrule.training.least_squares import LeastSquares

METHOD = "levenberg-marquardt"
X, T = cr.datasets.xor_easy()
NET = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2)  # S2's 2-2-1
START = NET.initial_theta(0)


def learn(net=NET, theta=START, **options):
    return cr.minimize(net, X, T, theta, method=METHOD, **options)


def differences(function, theta, h=1e-6):
    """Return the Jacobian of a function by central differences, column by column."""
    return np.column_stack([(function(theta + h * e) - function(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


def problem(net, n_samples=5, l2=0.0, seed=0):
    """Draw a weighted problem for a network, and a point."""
    rng = np.random.RandomState(seed)
    x, t = rng.normal(size=(n_samples, net.n_features)), rng.normal(size=(n_samples, net.n_outputs))
    objective = net.objective(x, t, l2=l2, sample_weight=rng.uniform(0.2, 3.0, n_samples))
    return LeastSquares(objective), calmed(net, rng.normal(size=net.n_parameters), x)


# --- residuals and Jacobian ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL_ACTIVATIONS)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_jacobian_is_that_of_the_residuals(name, bias, l2):
    """For every activation, hidden and last, with and without bias and l2, central differences agree."""
    member = ALL_ACTIVATIONS[name]
    assert member in activations_of(3)
    least, theta = problem(Network([Dense(3, member, bias), Dense(2, member, bias)], n_features=4), l2=l2)

    np.testing.assert_allclose(least.jacobian(theta), differences(least.residuals, theta), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_half_the_sum_of_squares_is_the_objective(l2):
    """½ Σ r² is the objective, and Jᵀ r its gradient; biases are in no penalty."""
    least, theta = problem(Network([Dense(3, "tanh"), Dense(2, bias=False)], n_features=4), l2=l2)
    value, gradient = least.objective(theta)
    r, J = least.residuals(theta), least.jacobian(theta)

    assert 0.5 * r @ r == pytest.approx(value, rel=1e-13)
    np.testing.assert_allclose(gradient, J.T @ r, rtol=1e-10, atol=1e-13)
    assert (5 * 2 + (18 if l2 else 0), 21) == J.shape


# --- runs ---------------------------------------------------------------------------------------------------------


def test_linear_problem_takes_one_step_to_the_ridge_solution():
    """On a linear network with l2 the result solves the normal equations, found within a few iterations."""
    net, rng = Network([Dense(1)], n_features=3), np.random.RandomState(0)
    x, t = rng.normal(size=(20, 3)), rng.normal(size=20)
    A = np.column_stack([x, np.ones(20)])
    best = np.linalg.solve(A.T @ A / 20 + 2 * 0.1 * np.diag([1.0, 1.0, 1.0, 0.0]), A.T @ t / 20)

    run = cr.minimize(net, x, t, method=METHOD, l2=0.1, random_state=0)

    assert run.status == "converged"
    assert run.epochs <= 4
    np.testing.assert_allclose(best, run.theta, atol=1e-8)


def compared(**options):
    """Run both methods from ten starts of S2's network, W and b from N(0, 1), and return the pairs of runs."""
    layers = [Dense(n, "sigmoid", weight_init="normal(1)", bias_init="normal(1)") for n in (2, 1)]
    net = Network(layers, n_features=2)
    starts = [net.initial_theta(seed) for seed in range(10)]
    return [
        [cr.minimize(net, X, T, start, method=name, **options) for name in (METHOD, "L-BFGS-B")] for start in starts
    ]


def test_needs_fewer_iterations_than_l_bfgs():
    """On S2's 2-2-1 network and blobs at XOR's corners, with a little l2, ten starts take fewer iterations in all."""
    runs = compared(l2=1e-4)

    ours, theirs = (sum(pair[which].epochs for pair in runs) for which in (0, 1))

    assert {run.status for pair in runs for run in pair} == {"converged"}
    assert ours < theirs
    assert sum(ours.loss for ours, _ in runs) < sum(theirs.loss for _, theirs in runs)


def test_reaches_what_l_bfgs_does_not():
    """Without l2 at least half of the ten starts are below 0.01 within 30 iterations, with L-BFGS-B hardly any."""
    runs = compared(stop=cr.loss_below(0.01), max_iterations=30)

    ours, theirs = (sum(pair[which].loss < 0.01 for pair in runs) for which in (0, 1))

    assert ours >= 5
    assert theirs <= 2


def test_more_parameters_than_residuals_are_allowed():
    """A network with more weights than samples is fitted to them exactly."""
    net = Network([Dense(30, "tanh"), Dense(1)], n_features=2)
    assert len(X) < net.n_parameters

    run = learn(net, None, random_state=0)

    assert run.status == "converged"
    assert run.loss < 1e-8


def test_history_has_an_entry_an_iteration():
    """history["loss"][i] is the loss before iteration i, falls, and ends before run.loss, at run.theta."""
    thetas = []
    run = learn(
        l2=1e-3, max_iterations=30, callback=lambda epoch: thetas.append(epoch.theta), validation=(X[:3], T[:3])
    )

    assert list(run.history) == ["loss", "objective", "validation_loss"]
    assert {run.epochs} == {len(values) for values in run.history.values()}
    assert [NET.data_loss(theta, X, T) for theta in thetas[: run.epochs]] == run.history["loss"].tolist()
    assert (np.diff(run.history["objective"]) < 0).all()
    assert NET.data_loss(run.theta, X, T) == run.loss


def test_rule_callback_and_maximum_end_the_run():
    """A rule, a callback and the maximum end it with the statuses of every run."""
    by_rule = learn(stop=cr.loss_below(0.1))
    by_callback = learn(callback=lambda epoch: epoch.number == 2 and "Enough.")
    at_maximum = learn(max_iterations=3)

    assert (by_rule.status, by_callback.status, at_maximum.status) == ("converged", "stopped", "max_epochs")
    assert by_rule.loss < 0.1 <= by_rule.history["loss"].min()
    assert (by_callback.message, by_callback.epochs) == ("Enough.", 2)
    assert (at_maximum.message, at_maximum.epochs) == ("All 3 iterations are done and it has not converged.", 3)
    assert [len(values) for values in at_maximum.history.values()] == [3, 3]


@pytest.mark.parametrize("number", [0, 2])
def test_ctrl_c_returns_the_run_so_far(number):
    """Ctrl-C leaves it with the parameters of the last iteration."""

    def interrupt(epoch):
        if epoch.number == number:
            raise KeyboardInterrupt

    run = learn(callback=interrupt)

    assert (run.status, run.message) == ("stopped", f"Ctrl-C after {number} iterations; this is the run so far.")
    np.testing.assert_array_equal(learn(max_iterations=number).theta if number else START, run.theta)


def test_options_are_handed_to_scipy():
    """SciPy's own tolerances and limits are taken: a coarse ftol ends earlier, and max_nfev ends as a maximum."""
    coarse, limited = learn(options={"ftol": 1e-2}), learn(options={"max_nfev": 3})

    assert (coarse.status, limited.status) == ("converged", "max_epochs")
    assert coarse.epochs < learn(max_iterations=50).epochs


def test_steps_into_infinity_are_shortened():
    """A trial step whose outputs overflow is tried again shorter, without a warning."""
    net = Network([Dense(1, "exp", bias=False)], n_features=1)

    run = cr.minimize(net, [[1.0]], [5.0], [-8.0], method=METHOD)

    assert run.status == "converged"
    assert np.exp(run.theta[0]) == pytest.approx(5.0)


def test_start_that_is_not_finite_is_returned():
    """Where already the first value is infinite there is nothing to go back to."""
    net = Network([Dense(1, Activation("inf", lambda Z: Z + np.inf, lambda dA, Z, A: dA))], n_features=2)

    run = cr.minimize(net, X, T, [0, 0, 0], method=METHOD)

    assert (run.status, run.epochs) == ("non_finite", 0)


def test_other_losses_and_l1_are_refused():
    """What is no sum of squares is refused before the first iteration."""
    own = Loss("own", lambda Y, T: ((Y - T) ** 2).sum(axis=1), lambda Y, T: 2 * (Y - T))
    for loss in ("log_loss", own):
        with pytest.raises(InvalidValue, match=r"Cannot use method='levenberg-marquardt' with loss='.*sums of squares"):
            learn(Network([Dense(1, "sigmoid")], n_features=2, loss=loss), None)
    with pytest.raises(InvalidValue, match=r"Cannot use method='levenberg-marquardt' with l1=0\.1: \|W\| is no square"):
        learn(l1=0.1)
