"""Formulas: the LaTeX that every member carries is read back, computed, and is what the member computes."""

import numpy as np
import pytest
from tests.latex_values import Calculator

from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.fused import FUSED
from chainrule.maths.losses import LOSSES
from chainrule.maths.parametrized_losses import huber, quantile

Z = np.linspace(-3.1, 3.3, 41)
ELEMENTWISE = [member for member in ACTIVATIONS.values() if member.name != "softmax"]
SIGNS = {"perceptron", "hinge", "squared_hinge"}


def calculate(latex, **values):
    """Compute a formula; what stands behind ', name =' defines a name inside it."""
    main, *where = latex.split(r",\quad ")
    for definition in where:
        name, _, meaning = definition.partition("=")
        values[name.strip()] = Calculator(values, {}, {})(meaning)
    return Calculator(values, {}, {})(main)


@pytest.mark.parametrize("member", ELEMENTWISE, ids=lambda member: member.name)
def test_formula_of_an_activation_is_what_it_computes(member):
    """f(z) as written equals forward."""
    expected = member.forward(Z[:, np.newaxis]).ravel()
    np.testing.assert_allclose(calculate(member.formula, z=Z) + 0 * Z, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("member", ELEMENTWISE, ids=lambda member: member.name)
def test_derivative_formula_of_an_activation_is_its_backward(member):
    """f′(z) as written equals backward of dA = 1."""
    column = Z[:, np.newaxis]
    expected = member.backward(np.ones_like(column), column, member.forward(column)).ravel()
    np.testing.assert_allclose(calculate(member.derivative_formula, z=Z) + 0 * Z, expected, rtol=1e-12, atol=1e-14)


def pairs_for(loss):
    """Outputs and targets that the loss can be asked about, away from kinks."""
    generator = np.random.RandomState(0)
    Y = generator.uniform(0.05, 0.95, size=30)
    if loss.name in SIGNS:
        return Y * 3 - 1.4, generator.choice([-1.0, 1.0], size=30)
    if loss.name in {"log_loss", "cross_entropy"}:
        return Y, generator.uniform(0.1, 0.9, size=30)
    return Y * 4, generator.uniform(0.1, 5.0, size=30)


@pytest.mark.parametrize("loss", [*LOSSES.values(), huber(0.7), quantile(0.9)], ids=lambda loss: loss.name)
def test_formula_of_a_loss_is_what_it_computes(loss):
    """ℓ(y, t) as written equals value."""
    Y, T = pairs_for(loss)
    expected = loss.value(Y[:, np.newaxis], T[:, np.newaxis])
    np.testing.assert_allclose(calculate(loss.formula, y=Y, t=T), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("loss", [*LOSSES.values(), huber(0.7), quantile(0.9)], ids=lambda loss: loss.name)
def test_derivative_formula_of_a_loss_is_its_gradient(loss):
    """ℓ′(y, t) as written equals gradient."""
    Y, T = pairs_for(loss)
    expected = loss.gradient(Y[:, np.newaxis], T[:, np.newaxis]).ravel()
    np.testing.assert_allclose(calculate(loss.derivative_formula, y=Y, t=T), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("pair", FUSED, ids=lambda pair: "-".join(part.name for part in pair))
def test_every_line_of_a_fused_derivation_is_the_same_number(pair):
    """From the derivative of the loss to y − t, each line as written has one value: delta."""
    activation, _ = pair
    generator = np.random.RandomState(1)
    n_outputs = 3 if activation.name == "softmax" else 1
    logits = generator.normal(size=(1, n_outputs))
    Y = activation.forward(logits)
    T = generator.dirichlet(np.ones(3))[np.newaxis] if n_outputs == 3 else np.array([[0.3]])
    expected = FUSED[pair].delta(Y, T)[0]
    assert len(FUSED[pair].derivation) > 1
    for line in FUSED[pair].derivation:
        for j in range(n_outputs):
            whole = n_outputs > 1
            values = {"y": Y[0] if whole else Y[0, 0], "t": T[0] if whole else T[0, 0], r"\delta": np.eye(n_outputs)}
            value = Calculator(values, {}, {"k": n_outputs})(line, j=j)
            assert value == pytest.approx(expected[j], rel=1e-12)


@pytest.mark.parametrize("pair", FUSED, ids=lambda pair: "-".join(part.name for part in pair))
def test_fused_formula_is_the_value_from_z(pair):
    """The loss as a function of z, as written, equals the fused value."""
    activation, _ = pair
    generator = np.random.RandomState(2)
    n_outputs = 3 if activation.name == "softmax" else 1
    logits, T = generator.normal(size=(1, n_outputs)), generator.dirichlet(np.ones(n_outputs + 1))[np.newaxis]
    T = T[:, :n_outputs] / (T[:, :n_outputs].sum() if n_outputs > 1 else 1.0)
    formula = FUSED[pair].formula.replace("z_j", "q_j")  # every logit; a plain z is this output's
    terms = [
        Calculator({"q": logits[0], "z": logits[0, k], "t": T[0, k]}, {}, {"j": n_outputs})(formula)
        for k in range(n_outputs)
    ]
    assert sum(terms) == pytest.approx(FUSED[pair].value(logits, T)[0], rel=1e-12)


def test_the_calculator_sees_a_wrong_formula():
    """0.05 % off is found."""
    assert calculate(r"1 - 1.0005 \tanh^2(z)", z=Z) != pytest.approx(1 - np.tanh(Z) ** 2, rel=1e-9)
