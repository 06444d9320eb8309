"""Every derivative of every network is right: differences, an independent autograd and the derivation agree."""

from __future__ import annotations

import zlib
from itertools import chain, combinations, product

import numpy as np
import pytest
from tests.network import autograd_reference as reference
from tests.network.cases import (
    ALL_ACTIVATIONS,
    ALL_LOSSES,
    OWN_ACTIVATION,
    OWN_INITIALIZER,
    OWN_LOSS,
    admissible_outputs,
    is_admissible,
    make_case,
    random_case,
)

from chainrule import Dense, Network, check_gradient, derive
from chainrule.errors import InvalidValue
from chainrule.maths.penalties import PENALTIES
from chainrule.network.derivation import activation_symbol, evaluate, given_values

N_OUTPUTS = 3
SOME_PENALTIES = list(chain.from_iterable(combinations(PENALTIES, r) for r in range(len(PENALTIES) + 1)))
AROUND = list(product(SOME_PENALTIES, (True, False)))
"""Penalties add, and biases are there or not, whatever the rest: each choice is met, not by every pair of members."""
RANDOM = range(40)


def table():
    """Yield networks: of each activation in hidden layers, of each output and loss that may be, others taken in turn.

    What reaches a hidden layer is dA, whatever loss it is of: an activation meets one with biases, and one without.
    """
    losses = list(ALL_LOSSES)
    for i, (bias, activation) in enumerate(product((True, False), ALL_ACTIVATIONS)):
        yield "hidden", activation, losses[i % len(losses)], SOME_PENALTIES[i % len(SOME_PENALTIES)], bias
    pairs = [
        (activation, loss)
        for activation, loss in product(ALL_ACTIVATIONS, ALL_LOSSES)
        if is_admissible(ALL_ACTIVATIONS[activation], ALL_LOSSES[loss], N_OUTPUTS)
    ]
    for i, (activation, loss) in enumerate(pairs):
        yield "output", activation, loss, *AROUND[i % len(AROUND)]


def line_name(line):
    """Name a line of the table as pytest prints it."""
    role, activation, loss, penalties, bias = line
    return f"{role} {activation}-{loss}-{'+'.join(penalties) or 'no penalty'}-{'bias' if bias else 'no bias'}"


LINES = {line_name(line): line for line in table()}


def build(role, activation, loss, bias, n_outputs=N_OUTPUTS):
    """Build the network that has the activation in this role: in both hidden layers, or behind tanh as output."""
    loss = ALL_LOSSES[loss]
    tried = ALL_ACTIVATIONS[activation]
    hidden, output = (tried, admissible_outputs(loss, n_outputs)[0]) if role == "hidden" else ("tanh", tried)
    return Network([Dense(4, hidden, bias), Dense(3, hidden, bias), Dense(n_outputs, output, bias)], 2, loss)


def case_of(name):
    """Make the case of a line of the table, seeded by its name."""
    role, activation, loss, penalties, bias = LINES[name]
    return make_case(
        build(role, activation, loss, bias),
        5,
        np.random.RandomState(zlib.crc32(name.encode()) + 3),
        penalties=penalties,
    )


def assert_close_to_largest(expected, actual, tolerance):
    """Assert that no entry is further off than the tolerance times the largest entry."""
    assert np.shape(expected) == np.shape(actual)
    largest = np.max(np.abs(expected), initial=0.0)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance * largest)


def assert_matches_differences(case, max_entries):
    """Assert that central differences find the objective's gradient, to 1e-6 where they can tell."""
    report = check_gradient(case.objective, case.theta, names=case.net.shapes, max_entries=max_entries, random_state=0)
    report.assert_correct()
    assert max(block.worst for block in report.blocks) <= 1e-6, str(report)


def assert_matches_autograd(case):
    """Assert that autograd finds the objective's value and gradient, block by block."""
    known = (case.net, case.theta, case.X, case.T, case.sample_weight)
    value, gradient = case.objective(case.theta)
    expected = reference.gradient(*known, **case.penalties)

    assert value == pytest.approx(reference.objective(*known, **case.penalties), rel=1e-10)
    for wanted, found in zip(case.net.views(expected), case.net.views(gradient), strict=True):
        assert_close_to_largest(wanted[0], found[0], 1e-10)
        if wanted[1] is not None:
            assert_close_to_largest(wanted[1], found[1], 1e-10)


# --- the table: every activation with every loss --------------------------------------------------------------------


@pytest.mark.parametrize("line", LINES)
def test_gradient_matches_central_differences_and_autograd(line):
    """The gradient is what differences of the values say, and autograd of other formulas, for every pair of members."""
    case = case_of(line)
    assert_matches_autograd(case)
    assert_matches_differences(case, max_entries=16)


def test_the_table_has_every_member_and_every_choice_around_it():
    """Each activation in hidden layers with biases and without, each loss, each choice of penalties and biases."""
    hidden = {(line[1], line[4]) for line in LINES.values() if line[0] == "hidden"}
    assert hidden == set(product(ALL_ACTIVATIONS, (True, False)))
    assert {line[2] for line in LINES.values()} == set(ALL_LOSSES)
    assert {line[3:] for line in LINES.values()} == set(AROUND)


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS)
def test_pair_outside_the_domain_is_refused(activation):
    """A loss that cannot be asked about what the last activation gives is refused, and nothing else is."""
    for loss, n_outputs in product(ALL_LOSSES, (1, 3)):
        if is_admissible(ALL_ACTIVATIONS[activation], ALL_LOSSES[loss], n_outputs):
            assert n_outputs == build("output", activation, loss, bias=True, n_outputs=n_outputs).n_outputs
            continue
        with pytest.raises(InvalidValue, match=rf"^Cannot use .*{activation}.*\.$"):
            build("output", activation, loss, bias=True, n_outputs=n_outputs)


def test_reference_knows_every_member():
    """A new activation, loss or penalty needs a plain formula in autograd_reference.py on the day it is added."""
    assert set(ALL_ACTIVATIONS) == set(reference.ACTIVATIONS)
    assert set(ALL_LOSSES) == set(reference.LOSSES)
    assert set(PENALTIES) == set(reference.PENALTIES)


def test_reference_is_sharp():
    """Autograd's opinion is not ours by construction: a derivative that is off by 1e-8 is told apart."""
    case = make_case(build("hidden", "tanh", "log_loss", bias=True), 5, np.random.RandomState(0))
    gradient = reference.gradient(case.net, case.theta, case.X, case.T, case.sample_weight)

    with pytest.raises(AssertionError):
        assert_close_to_largest(gradient, gradient * (1 + 1e-8), 1e-10)


def test_members_of_ones_own_work_together():
    """An activation, a loss and an initialiser of the user's own make a network whose gradient is right."""
    layers = [
        Dense(4, OWN_ACTIVATION, weight_init=OWN_INITIALIZER, bias_init=OWN_INITIALIZER),
        Dense(2, OWN_ACTIVATION, weight_init=OWN_INITIALIZER),
    ]
    net = Network(layers, n_features=3, loss=OWN_LOSS)
    rng = np.random.RandomState(0)
    theta = net.initial_theta(random_state=1)
    fun = net.objective(rng.normal(size=(6, 3)), rng.normal(size=(6, 2)), l2=0.1)

    assert np.random.RandomState(1).triangular(-1.0, 0.2, 1.0, (3, 4)).ravel().tolist() == theta[:12].tolist()
    check_gradient(fun, theta, names=net.shapes).assert_correct()


# --- random architectures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", RANDOM)
def test_random_architecture_matches_central_differences_and_autograd(seed):
    """Whatever the depth, widths, activations, biases, penalties and weights, both find the gradient."""
    assert_matches_autograd(random_case(seed))
    assert_matches_differences(random_case(seed), max_entries=10)


@pytest.mark.parametrize("seed", RANDOM)
def test_every_dZ_and_dA_matches_autograd(seed):
    """dX, every dZ and dA, and dY are the derivatives that their names say they are."""
    case = random_case(seed)
    dZ, dA = reference.inner_gradients(case.net, case.theta, case.X, case.T, case.sample_weight)

    for expected, actual in zip((*dZ, *dA), (*case.gradients.dZ, *case.gradients.dA), strict=True):
        assert_close_to_largest(expected, actual, 1e-10)


def values_by_symbol(case):
    """Name everything that forward, backward and data_loss compute as the derivation names it."""
    net, trace, grads = case.net, case.trace, case.gradients
    values = {"loss": net.data_loss(case.theta, case.X, case.T, case.sample_weight)}
    for number in range(len(net.layers) + 1):
        name = activation_symbol(net, number)
        values |= {name: trace.A[number], f"d{name}": grads.dA[number]}
    for number in range(1, len(net.layers) + 1):
        values |= {f"Z{number}": trace.Z[number - 1], f"dZ{number}": grads.dZ[number - 1]}
        values |= {f"dW{number}": grads.dW[number - 1], f"db{number}": grads.db[number - 1]}
    return values


@pytest.mark.parametrize("seed", RANDOM)
def test_derivation_evaluates_to_the_passes(seed):
    """The steps of the derivation, run one by one, find every number of the two loops, in the shapes they declare."""
    case = random_case(seed)
    steps = derive(case.net)
    given = given_values(case.net, case.theta, case.X, case.T, case.shares)

    computed = evaluate(steps, given)

    passes = values_by_symbol(case)
    known = set(given)
    for step in steps:
        assert set(step.operands) <= known
        assert step.symbol not in known
        known.add(step.symbol)
        declared = tuple(len(case.X) if length == "N" else length for length in step.shape)
        assert declared == np.shape(computed[step.symbol])
        if step.symbol not in ("losses", "slopes"):
            assert_close_to_largest(passes[step.symbol], computed[step.symbol], 1e-12)
    absent = {f"db{number}" for number, layer in enumerate(case.net.layers, start=1) if not layer.bias}
    absent |= {"dY"} if case.net.fused else set()
    assert set(passes) - {"X"} - {step.symbol for step in steps} == absent
