"""Activations: what a unit makes of its pre-activation. Each is a pair, A = f(Z) and dZ from dA, Z and A."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.maths.arrays import (
    BETWEEN_MINUS_ONE_AND_ONE,
    DISTRIBUTIONS,
    NONNEGATIVE,
    PROBABILITIES,
    REALS,
    Array,
    Domain,
)

if TYPE_CHECKING:
    from collections.abc import Callable

LEAK = 0.01  # the slope of leaky_relu below zero, as in Maas, Hannun and Ng (2013)


@dataclass(frozen=True)
class Activation:
    r"""An activation A = f(Z) with the derivative that carries dA back to dZ.

    Parameters
    ----------
    name : str
        What it is called in tables, files and messages.
    forward : function (Z) -> A
        Pre-activations, shape (n_samples, n_outputs), to activations of the same shape.
    backward : function (dA, Z, A) -> dZ
        ∂loss/∂A to ∂loss/∂Z. It is given both Z and A, because σ′ is shorter in A and relu′ in Z.
    range : Domain
        The values that A can take: a loss that cannot use them refuses the pair.
    formula, derivative_formula : str, optional
        LaTeX for f(z) and f′(z); without them an explanation writes φ(z) and φ′(z).

    Examples
    --------
    One's own is accepted wherever a name is:

    >>> square = Activation("square", forward=lambda Z: Z * Z, backward=lambda dA, Z, A: dA * 2 * Z)
    >>> square.forward(np.array([[-3.0, 2.0]]))
    array([[9., 4.]])
    """

    name: str
    forward: Callable[[Array], Array]
    backward: Callable[[Array, Array, Array], Array]
    range: Domain = REALS
    formula: str | None = None
    derivative_formula: str | None = None


def identity(Z: Array) -> Array:
    """A = Z.

    >>> identity(np.array([-1.0, 2.0]))
    array([-1.,  2.])
    """
    return Z


def identity_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA, because f′(z) = 1."""
    return dA


def sigmoid(Z: Array) -> Array:
    """σ(Z) = 1 / (1 + e^−Z), between 0 and 1.

    Where e^−Z overflows, its reciprocal is the 0 that σ rounds to: the overflow is silent on purpose.

    >>> sigmoid(np.array([-1e4, 0.0, 1e4]))
    array([0. , 0.5, 1. ])
    """
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-Z))


def sigmoid_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ σ(Z) (1 − σ(Z)) = dA ⊙ A (1 − A)."""
    return dA * A * (1.0 - A)


def tanh(Z: Array) -> Array:
    """Tanh(Z) = (e^Z − e^−Z) / (e^Z + e^−Z), between −1 and 1.

    >>> tanh(np.array([-1e4, 0.0, 1e4]))
    array([-1.,  0.,  1.])
    """
    return np.tanh(Z)


def tanh_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ (1 − tanh²(Z)) = dA ⊙ (1 − A²)."""
    return dA * (1.0 - A * A)


def relu(Z: Array) -> Array:
    """Rectified linear unit, max(0, Z).

    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    return np.maximum(Z, 0.0)


def relu_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ 1[Z > 0]; at the kink Z = 0 we take the slope 0, as every assignment and library does."""
    return dA * (Z > 0.0)


def leaky_relu(Z: Array) -> Array:
    """Leaky rectified linear unit, Z where Z > 0 and 0.01 Z elsewhere (Maas, Hannun and Ng 2013).

    >>> leaky_relu(np.array([-2.0, 0.0, 3.0]))
    array([-0.02,  0.  ,  3.  ])
    """
    return np.where(Z > 0.0, Z, LEAK * Z)


def leaky_relu_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA where Z > 0 and 0.01 dA elsewhere."""
    return np.where(Z > 0.0, dA, LEAK * dA)


def softplus(Z: Array) -> Array:
    """Softplus, log(1 + e^Z) = max(0, Z) + log(1 + e^−|Z|): a smooth relu.

    >>> softplus(np.array([-1e4, 0.0, 1e4]))
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+04])
    """
    return np.maximum(Z, 0.0) + np.log1p(np.exp(-np.abs(Z)))


def softplus_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ σ(Z)."""
    return dA * sigmoid(Z)


def softmax(Z: Array) -> Array:
    """Softmax of each row, e^{z_k} / Σ_j e^{z_j}; the row's maximum is subtracted first, which changes nothing.

    >>> softmax(np.array([[1e4, 1e4], [0.0, -1e4]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    A: Array = E / E.sum(axis=1, keepdims=True)
    return A


def softmax_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ_k = A_k (dA_k − Σ_j dA_j A_j): every output of a row depends on every pre-activation of that row."""
    dZ: Array = A * (dA - (dA * A).sum(axis=1, keepdims=True))
    return dZ


def exp(Z: Array) -> Array:
    """e^Z, for outputs that are rates or counts. Beyond the largest float it is ∞, silently: training guards itself.

    >>> exp(np.array([-1e4, 0.0, 1e4]))
    array([ 0.,  1., inf])
    """
    with np.errstate(over="ignore"):
        return np.exp(Z)


def exp_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ e^Z = dA ⊙ A."""
    with np.errstate(over="ignore", invalid="ignore"):
        return dA * A


IDENTITY = Activation("identity", identity, identity_backward, REALS, "z", "1")
SIGMOID = Activation(
    "sigmoid",
    sigmoid,
    sigmoid_backward,
    PROBABILITIES,
    r"\sigma(z) = \frac{1}{1 + e^{-z}}",
    r"\sigma(z)\,(1 - \sigma(z))",
)
TANH = Activation("tanh", tanh, tanh_backward, BETWEEN_MINUS_ONE_AND_ONE, r"\tanh(z)", r"1 - \tanh^2(z)")
RELU = Activation("relu", relu, relu_backward, NONNEGATIVE, r"\max(0, z)", r"\mathbb{1}[z > 0]")
LEAKY_RELU = Activation(
    "leaky_relu",
    leaky_relu,
    leaky_relu_backward,
    REALS,
    r"\max(0, z) + 0.01 \min(0, z)",
    r"\mathbb{1}[z > 0] + 0.01\,\mathbb{1}[z \le 0]",
)
SOFTPLUS = Activation("softplus", softplus, softplus_backward, NONNEGATIVE, r"\log(1 + e^{z})", r"\sigma(z)")
SOFTMAX = Activation(
    "softmax",
    softmax,
    softmax_backward,
    DISTRIBUTIONS,
    r"\frac{e^{z_k}}{\sum_j e^{z_j}}",
    r"a_k\,(\delta_{kj} - a_j)",
)
EXP = Activation("exp", exp, exp_backward, NONNEGATIVE, r"e^{z}", r"e^{z}")

ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation for activation in (IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, SOFTPLUS, SOFTMAX, EXP)
}
