"""Activations: what a unit makes of its pre-activation. Each is a pair, A = f(Z) and dZ from dA, Z and A."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.maths.arrays import (
    BETWEEN_MINUS_ONE_AND_ONE,
    DISTRIBUTIONS,
    NONNEGATIVE,
    POSITIVE,
    PROBABILITIES,
    REALS,
    Array,
    Domain,
)
from chainrule.maths.normal import normal_density, normal_distribution

if TYPE_CHECKING:
    from collections.abc import Callable

LEAK = 0.01  # the slope of leaky_relu below zero, as in Maas, Hannun and Ng (2013)
SELU_SCALE = 1.0507009873554805  # λ (κ in formulas: λ is the penalty) and α of Klambauer et al. (2017)
SELU_ALPHA = 1.6732632423543772


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
    Your own is accepted wherever a name is:

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

    Z and A have shape (n_samples, n_units).

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

    Z and A have shape (n_samples, n_units).

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

    Z and A have shape (n_samples, n_units).

    >>> tanh(np.array([-1e4, 0.0, 1e4]))
    array([-1.,  0.,  1.])
    """
    return np.tanh(Z)


def tanh_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ (1 − tanh²(Z)) = dA ⊙ (1 − A²)."""
    return dA * (1.0 - A * A)


def relu(Z: Array) -> Array:
    """Rectified linear unit, max(0, Z).

    Z and A have shape (n_samples, n_units).

    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    return np.maximum(Z, 0.0)


def relu_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ 1[Z > 0]; at the kink Z = 0 we take the slope 0, as every assignment and library does."""
    return dA * (Z > 0.0)


def leaky_relu(Z: Array) -> Array:
    """Leaky rectified linear unit, Z where Z > 0 and 0.01 Z elsewhere (Maas, Hannun and Ng 2013).

    Z and A have shape (n_samples, n_units).

    >>> leaky_relu(np.array([-2.0, 0.0, 3.0]))
    array([-0.02,  0.  ,  3.  ])
    """
    return np.where(Z > 0.0, Z, LEAK * Z)


def leaky_relu_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA where Z > 0 and 0.01 dA elsewhere."""
    return np.where(Z > 0.0, dA, LEAK * dA)


def softplus(Z: Array) -> Array:
    """Softplus, log(1 + e^Z) = max(0, Z) + log(1 + e^−|Z|): a smooth relu.

    Z and A have shape (n_samples, n_units).

    >>> softplus(np.array([-1e4, 0.0, 1e4]))
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+04])
    """
    return np.maximum(Z, 0.0) + np.log1p(np.exp(-np.abs(Z)))


def softplus_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ σ(Z)."""
    return dA * sigmoid(Z)


def softmax(Z: Array) -> Array:
    """Softmax of each row, e^{z_k} / Σ_j e^{z_j}; the row's maximum is subtracted first, which changes nothing.

    Z and A have shape (n_samples, n_units).

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


def elu(Z: Array) -> Array:
    """Exponential linear unit, Z where Z > 0 and e^Z − 1 elsewhere (Clevert, Unterthiner and Hochreiter 2016).

    Z and A have shape (n_samples, n_units).

    >>> elu(np.array([-1e4, 0.0, 3.0]))
    array([-1.,  0.,  3.])
    """
    return np.where(Z > 0.0, Z, np.expm1(np.minimum(Z, 0.0)))


def elu_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA where Z > 0 and dA ⊙ e^Z = dA ⊙ (A + 1) elsewhere."""
    return np.where(Z > 0.0, dA, dA * (A + 1.0))


def selu(Z: Array) -> Array:
    """Scaled elu, λ Z where Z > 0 and λ α (e^Z − 1) elsewhere (Klambauer et al. 2017): keeps mean 0 and variance 1.

    Z and A have shape (n_samples, n_units).

    >>> selu(np.array([-1e4, 0.0, 1.0])).round(4)
    array([-1.7581,  0.    ,  1.0507])
    """
    return SELU_SCALE * np.where(Z > 0.0, Z, SELU_ALPHA * np.expm1(np.minimum(Z, 0.0)))


def selu_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = λ dA where Z > 0 and dA ⊙ λ α e^Z = dA ⊙ (A + λ α) elsewhere."""
    return np.where(Z > 0.0, SELU_SCALE * dA, dA * (A + SELU_SCALE * SELU_ALPHA))


def silu(Z: Array) -> Array:
    """Sigmoid linear unit, Z σ(Z), also called swish (Elfwing, Uchibe and Doya 2018).

    Z and A have shape (n_samples, n_units).

    >>> silu(np.array([-1e4, 0.0, 1e4]))
    array([   -0.,     0., 10000.])
    """
    return Z * sigmoid(Z)


def silu_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ [σ(Z) + Z σ(Z) (1 − σ(Z))] = dA ⊙ [σ(Z) + A (1 − σ(Z))]."""
    s = sigmoid(Z)
    return dA * (s + A * (1.0 - s))


def mish(Z: Array) -> Array:
    """Mish, Z tanh(log(1 + e^Z)) (Misra 2020).

    Z and A have shape (n_samples, n_units).

    >>> mish(np.array([-1e4, 0.0, 1e4]))
    array([   -0.,     0., 10000.])
    """
    return Z * np.tanh(softplus(Z))


def mish_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ [t + Z σ(Z) (1 − t²)] with t = tanh(log(1 + e^Z))."""
    t = np.tanh(softplus(Z))
    return dA * (t + Z * sigmoid(Z) * (1.0 - t * t))


def gelu(Z: Array) -> Array:
    """Gaussian error linear unit, Z Φ(Z) with the normal distribution function Φ (Hendrycks and Gimpel 2016).

    Z and A have shape (n_samples, n_units).

    >>> gelu(np.array([-1e4, 0.0, 1.0, 1e4])).round(6) + 0.0
    array([0.00000e+00, 0.00000e+00, 8.41345e-01, 1.00000e+04])
    """
    return Z * normal_distribution(Z)


def gelu_backward(dA: Array, Z: Array, A: Array) -> Array:
    """dZ = dA ⊙ [Φ(Z) + Z φ(Z)] with the normal density φ."""
    return dA * (normal_distribution(Z) + Z * normal_density(Z))


def exp(Z: Array) -> Array:
    """e^Z, for outputs that are rates or counts. Beyond the largest float it is ∞, silently: training guards itself.

    Z and A have shape (n_samples, n_units).

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
    r"\frac{1}{1 + e^{-z}}",
    r"\sigma(z)\,(1 - \sigma(z))",
)
TANH = Activation(
    "tanh", tanh, tanh_backward, BETWEEN_MINUS_ONE_AND_ONE, r"\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}", r"1 - \tanh^2(z)"
)
RELU = Activation("relu", relu, relu_backward, NONNEGATIVE, r"\max(0, z)", r"\mathbb{1}[z > 0]")
LEAKY_RELU = Activation(
    "leaky_relu",
    leaky_relu,
    leaky_relu_backward,
    REALS,
    r"\max(0, z) + 0.01 \min(0, z)",
    r"\mathbb{1}[z > 0] + 0.01\,\mathbb{1}[z \le 0]",
)
SOFTPLUS = Activation("softplus", softplus, softplus_backward, POSITIVE, r"\log(1 + e^{z})", r"\sigma(z)")
SOFTMAX = Activation(
    "softmax",
    softmax,
    softmax_backward,
    DISTRIBUTIONS,
    r"\frac{e^{z_k}}{\sum_j e^{z_j}}",
    r"a_k\,(\delta_{kj} - a_j)",
)
EXP = Activation("exp", exp, exp_backward, POSITIVE, r"e^{z}", r"e^{z}")
ELU = Activation(
    "elu",
    elu,
    elu_backward,
    Domain("numbers ≥ -1", lower=-1.0),
    r"z\,\mathbb{1}[z > 0] + (e^{z} - 1)\,\mathbb{1}[z \le 0]",
    r"\mathbb{1}[z > 0] + e^{z}\,\mathbb{1}[z \le 0]",
)
SELU = Activation(
    "selu",
    selu,
    selu_backward,
    Domain("numbers ≥ -1.7581", lower=-SELU_SCALE * SELU_ALPHA),
    r"\kappa z\,\mathbb{1}[z > 0] + \kappa\alpha\,(e^{z} - 1)\,\mathbb{1}[z \le 0]",
    r"\kappa\,\mathbb{1}[z > 0] + \kappa\alpha e^{z}\,\mathbb{1}[z \le 0]",
)
GELU = Activation("gelu", gelu, gelu_backward, REALS, r"z\,\Phi(z)", r"\Phi(z) + z\,\varphi(z)")
SILU = Activation("silu", silu, silu_backward, REALS, r"z\,\sigma(z)", r"\sigma(z) + z\,\sigma(z)\,(1 - \sigma(z))")
MISH = Activation(
    "mish",
    mish,
    mish_backward,
    REALS,
    r"z \tanh(\log(1 + e^{z}))",
    r"\tanh(\log(1 + e^{z})) + z\,\sigma(z)\,(1 - \tanh^2(\log(1 + e^{z})))",
)

ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SELU, SOFTPLUS, GELU, SILU, MISH, SOFTMAX, EXP)
}
