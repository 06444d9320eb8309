"""minimize: SciPy's methods as they are, with the network's gradients, and a Run as train would give."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize

import chainrule as cr
from chainrule import Activation, Dense, InvalidValue, Loss, Network
from chainrule.training.minimize import METHODS, SCIPY_METHODS, WITHOUT_GRADIENT, Minimization

X, LABELS = cr.datasets.blobs(30, centers=[[-1, 0], [1, 0]], std=1.0, random_state=0)
NEURON = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
START = np.array([0.5, -0.5, 0.2])
CONVEX = {"l2": 0.01}

XOR_X, XOR_T = cr.datasets.xor_easy()
NET = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
ALL_METHODS = pytest.mark.parametrize("method", SCIPY_METHODS)  # Levenberg–Marquardt has a file of its own


def learn(method, **options):
    return cr.minimize(NEURON, X, LABELS, START, method=method, **CONVEX, **options)


def best():
    """Return the one optimum of the convex problem, by Newton's method on formulas written out by hand."""
    A = np.column_stack([X, np.ones(len(X))])
    D = np.diag([0.02, 0.02, 0.0])
    theta = np.zeros(3)
    for _ in range(20):
        p = 1 / (1 + np.exp(-A @ theta))
        gradient = A.T @ (p - LABELS) / len(X) + D @ theta
        theta = theta - np.linalg.solve(A.T * (p * (1 - p)) @ A / len(X) + D, gradient)
    return theta


BEST = best()
LOWEST = NEURON.objective(X, LABELS, **CONVEX)(BEST)[0]


# --- methods ------------------------------------------------------------------------------------------------------


@ALL_METHODS
def test_every_method_finds_the_optimum_of_a_convex_problem(method):
    """A single neuron with l2 has one optimum, and every method ends there, converged and in its own words."""
    run = learn(method)

    assert run.status == "converged"
    assert pytest.approx(NEURON.objective(X, LABELS, **CONVEX)(run.theta)[0], abs=1e-6) == LOWEST
    np.testing.assert_allclose(BEST, run.theta, atol=0.01)
    assert run.message
    assert NEURON.data_loss(run.theta, X, LABELS) == run.loss


@ALL_METHODS
def test_history_has_an_entry_an_iteration(method):
    """history["loss"][i] is the loss before iteration i, and there are as many as iterations."""
    seen = []
    run = learn(method, callback=lambda epoch: seen.append(epoch.theta), validation=(X[:5], LABELS[:5]))
    shown = seen[: run.epochs]

    assert list(run.history) == ["loss", "objective", "validation_loss"]
    assert {run.epochs} == {len(values) for values in run.history.values()}
    assert run.epochs > 1
    np.testing.assert_array_equal(START, shown[0])
    assert [NEURON.data_loss(theta, X, LABELS) for theta in shown] == run.history["loss"].tolist()
    assert [NEURON.objective(X, LABELS, **CONVEX)(theta)[0] for theta in shown] == run.history["objective"].tolist()
    assert [NEURON.data_loss(theta, X[:5], LABELS[:5]) for theta in shown] == run.history["validation_loss"].tolist()


@pytest.mark.parametrize("method", [name for name in SCIPY_METHODS if name != "dogleg"])
def test_every_method_lowers_the_loss_of_a_network(method):
    """On a network that is not convex every method gets somewhere, and says where it stopped."""
    start = NET.initial_theta(0)

    run = cr.minimize(NET, XOR_X, XOR_T, start, method=method, l2=1e-3, max_iterations=60)

    assert run.status in ("converged", "max_epochs")
    assert NET.objective(XOR_X, XOR_T, l2=1e-3)(run.theta)[0] < NET.objective(XOR_X, XOR_T, l2=1e-3)(start)[0]
    assert NET.data_loss(run.theta, XOR_X, XOR_T) == run.loss


def test_dogleg_needs_a_positive_definite_hessian():
    """Where SciPy gives up the run has failed, in SciPy's words, with the parameters it had."""
    start = NET.initial_theta(0)

    run = cr.minimize(NET, XOR_X, XOR_T, start, method="dogleg", l2=1e-3)

    assert (run.status, run.message) == ("failed", "A linalg error occurred, such as a non-psd Hessian.")
    np.testing.assert_array_equal(start, run.theta)


@pytest.mark.parametrize("method", ["L-BFGS-B", "BFGS", "CG", "TNC", "SLSQP"])
def test_result_is_that_of_scipy_called_directly(method):
    """minimize adds nothing: SciPy on net.objective gives the same x, to 1e-12, and the same message."""
    start = NET.initial_theta(0)
    fun = NET.objective(XOR_X, XOR_T, l2=1e-3)
    limit = {"maxfun" if method == "TNC" else "maxiter": 50}
    expected = scipy.optimize.minimize(fun, start, jac=True, method=method, options=limit)

    run = cr.minimize(NET, XOR_X, XOR_T, start, method=method, l2=1e-3, max_iterations=50)

    np.testing.assert_allclose(expected.x, run.theta, rtol=0, atol=1e-12)
    assert expected.message == run.message
    if method != "TNC":
        assert expected.nit == run.epochs


@pytest.mark.parametrize("method", WITHOUT_GRADIENT)
def test_methods_without_gradient_are_scipys_too(method):
    """Methods that ask for values alone get the objective alone."""
    fun = NEURON.objective(X, LABELS, **CONVEX)
    expected = scipy.optimize.minimize(lambda theta: fun(theta)[0], START, method=method, options={"maxiter": 1000})

    np.testing.assert_allclose(expected.x, learn(method).theta, rtol=0, atol=1e-12)


@pytest.mark.parametrize("spelling", ["l-bfgs-b", "L-BFGS-B", "L-bfgs-B"])
def test_case_of_a_method_does_not_matter(spelling):
    """Names are found whatever their case, as in SciPy."""
    np.testing.assert_array_equal(learn("L-BFGS-B").theta, learn(spelling).theta)


def test_default_is_l_bfgs_b():
    """Without a name it is L-BFGS-B."""
    np.testing.assert_array_equal(learn("L-BFGS-B").theta, cr.minimize(NEURON, X, LABELS, START, **CONVEX).theta)


@pytest.mark.parametrize("method", ["BFSG", "adam", "", None, 3])
def test_unknown_method_is_refused_with_the_choices(method):
    """A name that SciPy does not have is refused, with all that it has."""
    with pytest.raises(InvalidValue) as refused:
        learn(method)

    assert str(refused.value).startswith(f"Unknown method {method!r}.")
    assert str(refused.value).endswith(f"The choices are: {', '.join(METHODS)}.")


def test_misspelt_method_gets_a_suggestion():
    """The nearest name is suggested."""
    with pytest.raises(InvalidValue, match="Did you mean 'BFGS'"):
        learn("BFSG")


# --- ends ---------------------------------------------------------------------------------------------------------


@ALL_METHODS
def test_rule_stops_every_method(method):
    """A rule ends the run where it is fulfilled for the first time."""
    run = learn(method, stop=cr.loss_below(0.63))

    assert ("converged", f"The loss {run.loss:.6g} is below 0.63.") == (run.status, run.message)
    assert run.loss < 0.63 <= run.history["loss"].min()
    assert run.epochs == len(run.history["loss"])


@ALL_METHODS
@pytest.mark.parametrize(
    ("answer", "message"), [(True, "A callback stopped the run in epoch 2."), (np.True_, None), ("Enough.", "Enough.")]
)
def test_callback_stops_every_method(method, answer, message):
    """A callback's answer ends the run, whatever language SciPy's method is written in."""
    run = learn(method, callback=lambda epoch: answer if epoch.number == 2 else None)

    assert ("stopped", message or "A callback stopped the run in epoch 2.") == (run.status, run.message)
    assert 2 == run.epochs == len(run.history["loss"])


@ALL_METHODS
@pytest.mark.parametrize("number", [0, 2])
def test_ctrl_c_in_a_callback_returns_the_run_so_far(method, number):
    """Ctrl-C leaves every method, and the run has the parameters of the last iteration."""
    thetas = []

    def interrupt(epoch):
        thetas.append(epoch.theta)
        if epoch.number == number:
            raise KeyboardInterrupt

    run = learn(method, callback=interrupt)

    assert ("stopped", f"Ctrl-C after {number} iterations; this is the run so far.") == (run.status, run.message)
    assert number == run.epochs == len(run.history["loss"])
    np.testing.assert_array_equal(thetas[-1], run.theta)
    assert NEURON.data_loss(run.theta, X, LABELS) == run.loss


@ALL_METHODS
def test_ctrl_c_in_an_evaluation_returns_the_run_so_far(method):
    """Ctrl-C in the middle of a forward pass leaves every method with finite parameters."""
    calls = []

    def tanh(Z):
        calls.append(1)
        if len(calls) == 7:
            raise KeyboardInterrupt
        return np.tanh(Z)

    own = Activation("own", tanh, lambda dA, Z, A: dA * (1 - A * A))
    net = Network([Dense(1, own)], n_features=2)

    run = cr.minimize(net, X, LABELS, START, method=method, **CONVEX)

    assert run.status == "stopped"
    assert run.message.startswith(f"Ctrl-C after {run.epochs} iterations")
    assert run.epochs == len(run.history["loss"])
    assert net.data_loss(run.theta, X, LABELS) == run.loss


@ALL_METHODS
def test_maximum_of_iterations_ends_every_method(method):
    """Where the iterations are used up the status says so, in SciPy's words, and theta is better than the start."""
    run = learn(method, max_iterations={"TNC": 4, "COBYLA": 8}.get(method, 2))

    assert run.status == "max_epochs"
    assert run.message
    assert run.epochs == len(run.history["loss"])
    assert NEURON.objective(X, LABELS, **CONVEX)(run.theta)[0] < NEURON.objective(X, LABELS, **CONVEX)(START)[0]


@ALL_METHODS
def test_enough_iterations_are_not_the_maximum(method):
    """A method that converges is converged."""
    assert learn(method, max_iterations=5000).status == "converged"


def test_start_that_fulfils_a_rule_is_returned_as_it_is():
    """Without a single iteration."""
    run = learn("BFGS", stop=cr.loss_below(99))

    assert (run.status, run.epochs, run.history["loss"].tolist()) == ("converged", 0, [])
    np.testing.assert_array_equal(START, run.theta)


def test_accuracy_and_no_improvement_work_as_in_train():
    """The other rules stop SciPy, too."""
    reached = cr.minimize(NET, XOR_X, XOR_T, stop=cr.accuracy_reached(), l2=1e-4, random_state=0)
    stalled = learn("Nelder-Mead", stop=cr.no_improvement(3, 0.01))

    assert (reached.status, reached.message) == ("converged", "The accuracy is 1; 1 was asked for.")
    assert cr.accuracy(NET, reached.theta, XOR_X, XOR_T) == 1.0
    assert stalled.message == "The loss has not fallen by more than 0.01 for 3 epochs."


def test_early_stopping_restores_the_best_parameters():
    """With a rule on the validation loss the best parameters are returned, as train does."""
    x, t = cr.datasets.moons(40, noise=0.5, random_state=0)
    net = Network([Dense(10, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    for epochs, status in ((1000, "converged"), (30, "max_epochs")):
        run = cr.minimize(
            net,
            x[:20],
            t[:20],
            validation=(x[20:], t[20:]),
            stop=cr.no_improvement(20 if epochs > 30 else 999, 0, of="validation_loss"),
            max_iterations=epochs,
            random_state=0,
        )
        where = int(run.history["validation_loss"].argmin())

        assert status == run.status
        assert run.history["validation_loss"].min() == net.data_loss(run.theta, x[20:], t[20:])
        assert run.message.endswith(f" These are the parameters of epoch {where}, whose validation loss was lowest.")


def test_wrong_gradient_fails_in_scipys_words():
    """A loss of one's own whose gradient points uphill makes the line search give up: failed, not converged."""
    uphill = Loss("uphill", lambda Y, T: (Y - T)[:, 0] ** 2, lambda Y, T: 2 * (T - Y))
    net = Network([Dense(1)], n_features=2, loss=uphill)
    fun = net.objective(X, LABELS)
    expected = scipy.optimize.minimize(fun, START, jac=True, method="BFGS")

    run = cr.minimize(net, X, LABELS, START, method="BFGS")

    assert ("failed", expected.message) == (run.status, run.message)
    assert np.isfinite(run.loss)


@ALL_METHODS
def test_non_finite_value_ends_every_method(method):
    """A loss that breaks beyond some output ends the run with the last iteration's parameters, without a warning."""

    def guard(Y, values):
        return np.where(np.abs(Y) > 2.0, np.nan, values)

    broken = Loss("broken", lambda Y, T: guard(Y, (Y - T) ** 2).sum(axis=1), lambda Y, T: guard(Y, 2 * (Y - T)))
    net = Network([Dense(1, bias=False)], n_features=1, loss=broken)

    run = cr.minimize(net, [[1.0], [-1.0]], [4.0, -4.0], [1.0], method=method)

    assert run.status == "non_finite"
    assert (
        f"Loss or gradient became NaN or infinite in iteration {run.epochs}; theta is the last at which they were "
        "finite. Scale the inputs, or start with smaller weights."
    ) == run.message
    assert np.isfinite(run.theta).all()
    assert np.isfinite(run.loss)
    assert run.epochs == len(run.history["loss"])
    assert np.isfinite(run.history["loss"]).all()


@ALL_METHODS
def test_start_that_is_not_finite_is_returned_with_its_loss(method):
    """Where already the first value is NaN there is nothing to go back to."""
    hopeless = Loss("hopeless", lambda Y, T: np.full(len(Y), np.nan), lambda Y, T: Y - T)

    run = cr.minimize(Network([Dense(1)], n_features=2, loss=hopeless), X, LABELS, START, method=method)

    assert (run.status, run.epochs) == ("non_finite", 0)
    assert np.isnan(run.loss)


def test_error_in_an_own_loss_is_the_callers():
    """An error that is not arithmetic comes out as it was raised."""

    def raises(Y, T):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        cr.minimize(Network([Dense(1)], n_features=2, loss=Loss("own", raises, raises)), X, LABELS, START)


# --- what is handed through, and what stays -----------------------------------------------------------------------


def test_options_are_handed_to_scipy():
    """A tolerance of one's own does what it does in SciPy, and maxiter among the options wins over epochs."""
    fun = NEURON.objective(X, LABELS, **CONVEX)
    for options in ({"gtol": 1e-2}, {"gtol": 1e-10}, {"maxiter": 3}):
        expected = scipy.optimize.minimize(fun, START, jac=True, method="BFGS", options=options)
        run = learn("BFGS", options=options, max_iterations=500)

        np.testing.assert_allclose(expected.x, run.theta, rtol=0, atol=1e-12)
        assert expected.nit == run.epochs
    assert run.status == "max_epochs"


def test_unknown_options_are_scipys_to_name():
    """SciPy warns of an option it does not know."""
    with pytest.warns(scipy.optimize.OptimizeWarning, match="Unknown solver options: gtoll"):
        learn("BFGS", options={"gtoll": 1})


def test_float32_theta_is_computed_in_float64():
    """SciPy computes in float64, whatever the start and the data are."""
    run = cr.minimize(NEURON, X.astype(np.float32), LABELS, START.astype(np.float32), **CONVEX)
    double = cr.minimize(NEURON, X.astype(np.float32).astype(float), LABELS, START, **CONVEX)

    assert np.float64 == run.theta.dtype
    np.testing.assert_allclose(double.theta, run.theta, rtol=1e-6)


@ALL_METHODS
def test_inputs_are_never_changed(method):
    """Read-only arrays will do, and the start stays as it was."""
    frozen = [array.copy() for array in (X, LABELS, START, np.ones(len(X)))]
    for array in frozen:
        array.flags.writeable = False
    x, t, theta, weights = frozen

    run = cr.minimize(NEURON, x, t, theta, method=method, sample_weight=weights, **CONVEX)

    np.testing.assert_array_equal(START, theta)
    assert not np.shares_memory(theta, run.theta)


def test_sample_weights_are_repeated_rows():
    """Weights mean here what they mean everywhere."""
    weights = np.arange(len(X)) % 3
    weighted = learn("BFGS", sample_weight=weights)
    repeated = cr.minimize(
        NEURON, np.repeat(X, weights, axis=0), np.repeat(LABELS, weights), START, method="BFGS", **CONVEX
    )

    np.testing.assert_allclose(weighted.theta, repeated.theta, rtol=1e-8)


def test_start_is_drawn_as_train_draws_it():
    """Without theta, random_state draws the network's own start, and leaves NumPy's global stream alone."""
    before = np.random.get_state()[1].copy()

    drawn = cr.minimize(NET, XOR_X, XOR_T, l2=1e-3, random_state=3, max_iterations=5)
    given = cr.minimize(NET, XOR_X, XOR_T, NET.initial_theta(3), l2=1e-3, max_iterations=5)

    np.testing.assert_array_equal(given.theta, drawn.theta)
    np.testing.assert_array_equal(before, np.random.get_state()[1])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"max_iterations": 0}, "max_iterations must be a whole number ≥ 1, got 0."),
        ({"theta": np.zeros(2)}, r"theta must have shape \(3,\) for this network, got \(2,\)."),
        ({"validation": (X,)}, r"validation must be a pair \(X_val, T_val\)."),
        ({"l2": -1}, "l2 must be a number ≥ 0, got -1."),
        ({"sample_weight": np.zeros(len(X))}, "sample_weight must be ≥ 0 everywhere and > 0 somewhere."),
    ],
)
def test_unusable_arguments_are_refused(options, sentence):
    """What train refuses, minimize refuses in the same words."""
    with pytest.raises(InvalidValue, match=sentence):
        cr.minimize(NEURON, X, LABELS, **options)


# --- second derivatives -------------------------------------------------------------------------------------------


def minimization(net, x, t, l2):
    return Minimization(net.objective(x, t, l2=l2), np.zeros(net.n_parameters), None, None, None)


def test_hessian_of_a_neuron_is_the_one_written_out():
    """For a single neuron H = Xᵀ diag(p (1−p)) X / N + 2 l2, and differences of gradients find it to nine digits."""
    A = np.column_stack([X, np.ones(len(X))])
    p = 1 / (1 + np.exp(-A @ START))
    expected = A.T * (p * (1 - p)) @ A / len(X) + np.diag([0.02, 0.02, 0.0])

    H = minimization(NEURON, X, LABELS, 0.01).hessian(START)

    np.testing.assert_allclose(expected, H, rtol=1e-8, atol=1e-10)
    np.testing.assert_array_equal(H, H.T)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_hessian_product_is_the_hessian_times_the_direction(scale):
    """H p agrees with second differences of the loss alone, whatever the length of p."""
    theta = NET.initial_theta(1)
    fun = NET.objective(XOR_X, XOR_T, l2=1e-2)
    rows = np.eye(len(theta)) * 1e-4
    H = np.array(
        [
            [(fun(theta + i + j)[0] - fun(theta + i)[0] - fun(theta + j)[0] + fun(theta)[0]) / 1e-8 for j in rows / 2]
            for i in rows / 2
        ]
    )
    H = 4 * H
    direction = np.random.RandomState(0).normal(size=len(theta)) * scale

    product = minimization(NET, XOR_X, XOR_T, 1e-2).hessian_product(theta, direction)

    np.testing.assert_allclose(H @ direction, product, atol=1e-3 * scale)


def test_hessian_product_with_nothing_is_nothing():
    """H 0 = 0, without dividing by the length of 0."""
    np.testing.assert_array_equal(np.zeros(3), minimization(NEURON, X, LABELS, 0.0).hessian_product(START, np.zeros(3)))
