"""Optimizers: two pure functions each, held against the formulas of their papers and against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import Dense, InvalidValue, Network, Optimizer, adam, sgd
from chainrule.training.optimizers import OPTIMIZERS, adagrad, adamw, rmsprop

SIZE = 4
GRADIENTS = np.random.RandomState(0).normal(size=(30, SIZE))
START = np.random.RandomState(1).normal(size=SIZE)


def path(optimizer, gradients=GRADIENTS, theta=START):
    """Return the thetas that an optimizer walks through under a given series of gradients."""
    state, thetas = optimizer.init(theta), []
    for grad in gradients:
        theta, state = optimizer.update(grad, state, theta)
        thetas.append(theta)
    return np.array(thetas)


def sklearn_path(make):
    """Return the same walk by one of scikit-learn's private optimizers."""
    stochastic = pytest.importorskip("sklearn.neural_network._stochastic_optimizers")
    theta = START.copy()
    optimizer, thetas = make(stochastic, [theta]), []
    for grad in GRADIENTS:
        optimizer.update_params([theta], [grad])
        thetas.append(theta.copy())
    return np.array(thetas)


ALL = {
    "sgd": sgd(0.1),
    "momentum": sgd(0.1, momentum=0.9),
    "nesterov": sgd(0.1, momentum=0.9, nesterov=True),
    "adam": adam(0.1),
    "adamw": adamw(0.1),
    "rmsprop": rmsprop(0.1),
    "adagrad": adagrad(0.1),
}


def test_sgd_subtracts_the_gradient():
    """θ_t = θ_0 − η Σ g."""
    np.testing.assert_allclose(START - 0.1 * np.cumsum(GRADIENTS, axis=0), path(sgd(0.1)), rtol=0, atol=1e-14)


def test_momentum_is_a_geometric_sum_of_old_gradients():
    """The step at t is v_t = −η Σ_s μ^(t−s) g_s."""
    velocities = np.array([-0.1 * sum(0.9 ** (t - s) * GRADIENTS[s] for s in range(t + 1)) for t in range(30)])

    np.testing.assert_allclose(START + np.cumsum(velocities, axis=0), path(ALL["momentum"]), rtol=0, atol=1e-13)


def test_nesterov_is_the_gradient_where_the_momentum_leads():
    """In the variable φ = θ − μ v it is Sutskever's form: v ← μ v − η ∇f(φ + μ v), φ ← φ + v."""
    A = np.diag([1.0, 2.0, 3.0, 4.0])
    phi, v, expected = START, np.zeros(SIZE), []
    for _ in range(30):
        v = 0.9 * v - 0.1 * A @ (phi + 0.9 * v)
        phi = phi + v
        expected.append(phi + 0.9 * v)

    theta, state, actual = START, ALL["nesterov"].init(START), []
    for _ in range(30):
        theta, state = ALL["nesterov"].update(A @ theta, state, theta)
        actual.append(theta)

    np.testing.assert_allclose(expected, actual, rtol=0, atol=1e-13)


def test_adam_is_kingma_and_ba_with_corrected_means():
    """With m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ) Algorithm 1 is θ ← θ − η m̂/(√v̂ + ε̂), ε̂ = ε/√(1−β₂ᵗ)."""
    m, v, theta, expected = np.zeros(SIZE), np.zeros(SIZE), START, []
    for t, g in enumerate(GRADIENTS, start=1):
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
        corrected_m, corrected_v = m / (1 - 0.8**t), v / (1 - 0.95**t)
        theta = theta - 0.1 * corrected_m / (np.sqrt(corrected_v) + 1e-3 / np.sqrt(1 - 0.95**t))
        expected.append(theta)

    np.testing.assert_allclose(expected, path(adam(0.1, beta1=0.8, beta2=0.95, epsilon=1e-3)), rtol=0, atol=1e-13)


def test_first_step_of_adam_is_the_learning_rate():
    """Whatever the gradient's scale, the first step has length η in each coordinate."""
    for scale in (1e-3, 1.0, 1e6):
        step = path(adam(0.1), GRADIENTS[:1] * scale)[0] - START

        np.testing.assert_allclose(-0.1 * np.sign(GRADIENTS[0]), step, rtol=1e-3)


def test_adamw_decays_theta_apart_from_the_gradient():
    """θ_t = θ_{t−1} − η m̂/(√v̂ + ε̂) − η w θ_{t−1}: the means know nothing of the decay."""
    m, v, theta, expected = np.zeros(SIZE), np.zeros(SIZE), START, []
    for t, g in enumerate(GRADIENTS, start=1):
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
        root = np.sqrt(v / (1 - 0.95**t)) + 1e-3 / np.sqrt(1 - 0.95**t)
        theta = (1 - 0.1 * 0.3) * theta - 0.1 * (m / (1 - 0.8**t)) / root
        expected.append(theta)
    optimizer = adamw(0.1, weight_decay=0.3, beta1=0.8, beta2=0.95, epsilon=1e-3)

    np.testing.assert_allclose(expected, path(optimizer), rtol=0, atol=1e-13)


def test_adamw_without_decay_is_adam():
    """With w = 0 nothing is left but Adam, to the bit."""
    np.testing.assert_array_equal(path(adam(0.1)), path(adamw(0.1, weight_decay=0)))


def test_adamw_decays_biases_too():
    """All of theta decays where the gradient is 0, as the docstring warns."""
    theta = path(adamw(0.1, weight_decay=0.5), np.zeros((2, SIZE)))[-1]

    np.testing.assert_allclose(0.95**2 * START, theta, rtol=1e-14)


def test_rmsprop_divides_by_the_root_of_a_weighted_mean():
    """The mean of squares written out is v_t = (1 − ρ) Σ_s ρ^(t−s) g_s², and θ_t = θ_0 − η Σ g_t/(√v_t + ε)."""
    v = np.array([0.2 * sum(0.8 ** (t - s) * GRADIENTS[s] ** 2 for s in range(t + 1)) for t in range(30)])
    steps = 0.1 * GRADIENTS / (v**0.5 + 1e-3)

    actual = path(rmsprop(0.1, decay=0.8, epsilon=1e-3))

    np.testing.assert_allclose(START - np.cumsum(steps, axis=0), actual, rtol=0, atol=1e-13)


def test_adagrad_divides_by_the_root_of_the_sum():
    """θ_t = θ_0 − η Σ_t g_t/(√(Σ_{s≤t} g_s²) + ε)."""
    steps = 0.1 * GRADIENTS / (np.cumsum(GRADIENTS**2, axis=0) ** 0.5 + 1e-3)

    np.testing.assert_allclose(START - np.cumsum(steps, axis=0), path(adagrad(0.1, epsilon=1e-3)), rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_name_trains(name):
    """Each optimizer, by its name and with its default rate, lowers the loss."""
    X, T = cr.datasets.xor_easy()
    net = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")

    run = cr.train(net, X, T, optimizer=name, max_epochs=50, random_state=0)

    assert run.loss < run.history["loss"][0]


@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_is_scikit_learns(nesterov):
    """The walk is that of scikit-learn's SGDOptimizer."""
    expected = sklearn_path(
        lambda theirs, params: theirs.SGDOptimizer(
            params, learning_rate_init=0.1, lr_schedule="constant", momentum=0.9, nesterov=nesterov
        )
    )

    np.testing.assert_allclose(expected, path(sgd(0.1, momentum=0.9, nesterov=nesterov)), rtol=0, atol=1e-14)


def test_adam_is_scikit_learns():
    """The walk is that of scikit-learn's AdamOptimizer."""
    expected = sklearn_path(
        lambda theirs, params: theirs.AdamOptimizer(
            params, learning_rate_init=0.1, beta_1=0.9, beta_2=0.999, epsilon=1e-8
        )
    )

    np.testing.assert_allclose(expected, path(adam(0.1)), rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", ALL)
def test_optimizers_are_pure(name):
    """No update writes to the gradient, the state or theta it is given: from the same three it gives the same two."""
    optimizer = ALL[name]
    theta, state = START.copy(), optimizer.init(START)
    theta, state = optimizer.update(GRADIENTS[0], state, theta)
    for array in (theta, *(state if isinstance(state, tuple) else (state,))):
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    grad = GRADIENTS[1].copy()
    grad.flags.writeable = False

    (first, _), (second, _) = (optimizer.update(grad, state, theta) for _ in range(2))

    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", ALL)
def test_optimizers_keep_the_dtype(name):
    """float32 gradients move a float32 theta in float32."""
    assert np.float32 == path(ALL[name], GRADIENTS.astype(np.float32), START.astype(np.float32)).dtype


@pytest.mark.parametrize("name", ALL)
def test_one_optimizer_serves_two_runs(name):
    """An optimizer remembers nothing of its own: a second run begins anew."""
    X, T = cr.datasets.xor_easy()
    net = Network([Dense(2, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")

    first, second = (cr.train(net, X, T, optimizer=ALL[name], max_epochs=5, random_state=0) for _ in range(2))

    np.testing.assert_array_equal(first.theta, second.theta)


def test_own_optimizer_is_accepted():
    """Two functions of one's own train a network; here the sign of the gradient alone."""
    X, T = cr.datasets.xor_easy()
    net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    signs = Optimizer("signs", lambda theta: 0, lambda grad, n, theta: (theta - 0.25 * np.sign(grad), n + 1))
    fun, expected = net.objective(X, T), np.array([1.0, 2.0, 3.0])
    for _ in range(4):
        expected = expected - 0.25 * np.sign(fun(expected)[1])

    np.testing.assert_array_equal(expected, cr.train(net, X, T, [1, 2, 3], optimizer=signs, max_epochs=4).theta)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (("sgd", None), sgd(0.3)),
        (("sgd", 0.05), sgd(0.05)),
        (("adam", None), adam(0.001)),
        (("adam", 0.05), adam(0.05)),
        (("adamw", None), adamw(0.001, weight_decay=0.01)),
        (("rmsprop", None), rmsprop(0.001, decay=0.9)),
        (("adagrad", None), adagrad(0.01)),
    ],
)
def test_names_stand_for_optimizers_with_their_defaults(given, made):
    """A name with a rate, or with its default rate, is the optimizer that its function makes."""
    X, T = cr.datasets.xor_easy()
    net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    name, rate = given

    by_name = cr.train(net, X, T, [1, 2, 3], optimizer=name, learning_rate=rate, max_epochs=4)
    by_function = cr.train(net, X, T, [1, 2, 3], optimizer=made, max_epochs=4)

    np.testing.assert_array_equal(by_name.theta, by_function.theta)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: sgd(0), "learning_rate must be a number > 0, got 0."),
        (lambda: sgd("fast"), "learning_rate must be a number > 0, got 'fast'."),
        (lambda: sgd(True), "learning_rate must be a number > 0, got True."),
        (lambda: sgd(momentum=1.1), "momentum must be a number ≥ 0 and ≤ 1, got 1.1."),
        (lambda: sgd(momentum=-0.1), "momentum must be a number ≥ 0 and ≤ 1, got -0.1."),
        (
            lambda: sgd(nesterov=True),
            "Cannot use nesterov=True with momentum=0: it looks ahead along the momentum. Try momentum=0.9.",
        ),
        (lambda: adam(-1), "learning_rate must be a number > 0, got -1."),
        (lambda: adam(beta1=1.0), "beta1 must be a number ≥ 0 and < 1, got 1.0."),
        (lambda: adam(beta2=-0.5), "beta2 must be a number ≥ 0 and < 1, got -0.5."),
        (lambda: adam(epsilon=0), "epsilon must be a number > 0, got 0."),
        (lambda: adamw(weight_decay=-1), "weight_decay must be a number ≥ 0, got -1."),
        (lambda: adamw(0), "learning_rate must be a number > 0, got 0."),
        (lambda: adamw(beta1=1.0), "beta1 must be a number ≥ 0 and < 1, got 1.0."),
        (lambda: rmsprop(decay=1), "decay must be a number ≥ 0 and < 1, got 1."),
        (lambda: rmsprop(epsilon=0), "epsilon must be a number > 0, got 0."),
        (lambda: adagrad("fast"), "learning_rate must be a number > 0, got 'fast'."),
        (lambda: adagrad(epsilon=-1), "epsilon must be a number > 0, got -1."),
    ],
)
def test_unusable_parameters_are_refused(make, sentence):
    """An optimizer says what its parameters may be."""
    with pytest.raises(InvalidValue) as refused:
        make()

    assert sentence == str(refused.value)
